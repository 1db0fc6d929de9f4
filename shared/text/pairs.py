"""Pairs of texts by their places, and the exact comparison that decides about a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shared.text.trigrams import Numbers, Places, Trigrams, jaccard

_COMPARED = 1 << 18
"""Pairs at a time."""
_LOW = np.uint64(2**32 - 1)


@dataclass(frozen=True)
class NearPairs:
    """Pairs of places in ascending order, with their Jaccard similarity."""

    left: Places
    right: Places
    similarity: npt.NDArray[np.float64]

    def tuples(self) -> list[tuple[int, int, float]]:
        """(left, right, similarity) each."""
        return list(zip(self.left.tolist(), self.right.tolist(), self.similarity.tolist(), strict=True))


def merged(parts: Sequence[NearPairs]) -> NearPairs:
    """The pairs of several shards, each once."""
    found = sorted({pair for part in parts for pair in part.tuples()})
    left, right, similarity = zip(*found, strict=True) if found else ((), (), ())
    return NearPairs(np.array(left, np.int64), np.array(right, np.int64), np.array(similarity, np.float64))


def near_of(a: Trigrams, b: Trigrams, left: Places, right: Places, threshold: float) -> NearPairs:
    """Of candidates, sets of ``a`` and sets of ``b``, those at or above the threshold."""
    near = _jaccard(a.roughly, b.roughly, left, right) >= threshold
    left, right = left[near], right[near]
    similarity = _jaccard(a, b, left, right)
    near = similarity >= threshold
    return NearPairs(left[near], right[near], similarity[near])


def _jaccard(a: Trigrams, b: Trigrams, left: Places, right: Places) -> npt.NDArray[np.float64]:
    similarity = np.zeros(len(left))
    for start in range(0, len(left), _COMPARED):
        some = slice(start, start + _COMPARED)
        similarity[some] = jaccard(a, b, left[some], right[some])
    return similarity


def codes(left: Places, right: Places) -> Numbers:
    """One number a pair, in the pairs' order."""
    return left.astype(np.uint64) << np.uint64(32) | right.astype(np.uint64)


def places(coded: Numbers) -> tuple[Places, Places]:
    """Left and right of coded pairs."""
    return (coded >> np.uint64(32)).astype(np.int64), (coded & _LOW).astype(np.int64)


def once(parts: Sequence[Numbers]) -> Numbers:
    """Sorted, each once. ``np.unique`` hashes, which takes several times as long for so many unlike numbers."""
    ordered = np.sort(np.concatenate(parts))
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered
