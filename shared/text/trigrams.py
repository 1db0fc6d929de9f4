"""Character trigrams of many texts at once, as sets of numbers, and their exact Jaccard similarities.

Trigrams over letters and digits alone (NFKC, case folded), because word shingles miss one-word edits of short Korean
questions, and longer ones tell edits from other questions less well (``benchmarks/RESULTS.md``, data). A trigram of
three code points fits into 63 bits, so that its number stands for it and for no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.unsignedinteger[Any]]
Places = npt.NDArray[np.int64]

BATCH = 16_384
"""Texts that are worked on at a time."""
_CELLS = 1 << 18
"""Numbers in a matrix that is worked on: what a core holds near itself."""


@dataclass(frozen=True)
class Trigrams:
    """Sets of trigrams, text by text: those of text i are ``values[starts[i] : starts[i + 1]]``, ascending."""

    values: Numbers
    starts: Places

    @cached_property
    def counts(self) -> Places:
        """How many trigrams each text has."""
        return np.diff(self.starts)

    @cached_property
    def roughly(self) -> Trigrams:
        """The sets by the upper halves of their numbers: faster to compare, and never less alike."""
        return Trigrams((self.values >> np.uint64(32)).astype(np.uint32), self.starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, text: int) -> Numbers:
        return self.values[self.starts[text] : self.starts[text + 1]]


def trigrams(texts: Sequence[str]) -> Trigrams:
    """The sets of some texts. One of fewer than three letters is its own trigram; one without a letter has none."""
    codes = _letters(texts)
    end = codes == 0
    first, second, third = (codes[i : len(codes) - 2 + i] for i in range(3))
    second_end, third_end = end[1:-1], end[1:-1] | end[2:]
    begins = np.concatenate([[True], end[:-3]])
    wanted = ~end[:-2] & (~third_end | begins)
    values = first << np.uint64(42) | np.where(second_end, 0, second) << np.uint64(21) | np.where(third_end, 0, third)
    text_of = np.cumsum(end)[:-2][wanted]
    return _as_sets(scattered(values[wanted]), np.bincount(text_of, minlength=len(texts)))


def trigrams_of_many(texts: Sequence[str]) -> Trigrams:
    """The same, a batch at a time, so that no more than a batch's letters are held."""
    parts = [trigrams(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
    if not parts:
        return trigrams([])
    counts = np.concatenate([part.counts for part in parts])
    return Trigrams(np.concatenate([part.values for part in parts]), _starts(counts))


def jaccard(a: Trigrams, b: Trigrams, left: Places, right: Places) -> npt.NDArray[np.float64]:
    """For each pair, of set ``left[i]`` of ``a`` and set ``right[i]`` of ``b``: size of the intersection over size
    of the union. A text without a letter is like nothing."""
    total = a.counts[left] + b.counts[right]
    common = np.zeros(len(left), np.int64)
    for pairs, width in _by_width(np.maximum(a.counts[left], b.counts[right])):
        cells = np.concatenate([_matrix(a, left[pairs], width), _matrix(b, right[pairs], width)], axis=1)
        cells.sort(axis=1)
        padding = np.maximum(2 * width - total[pairs] - 1, 0)
        common[pairs] = np.count_nonzero(cells[:, 1:] == cells[:, :-1], axis=1) - padding
    return np.asarray(common / np.maximum(total - common, 1), np.float64)


def set_keys(sets: Trigrams) -> Numbers:
    """One number a set, equal for equal sets; two unlike ones share theirs by chance once in 2⁶⁴."""
    sums = np.zeros(len(sets), np.uint64)
    filled = np.flatnonzero(sets.counts)
    if len(filled):
        sums[filled] = np.add.reduceat(sets.values, sets.starts[:-1][filled])
    return scattered(sums)


def scattered(values: Numbers) -> Numbers:
    """Each number at a random-looking place of 64 bits, no two at the same one (the finalizer of SplitMix64: Steele,
    Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _letters(texts: Sequence[str]) -> Numbers:
    """Code points of letters and digits, a zero behind each text and another at the end."""
    whole = "\0".join([text.replace("\0", " ") for text in texts]) + "\0\0"
    folded = normalize("NFKC", normalize("NFKC", whole).casefold())
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes[_counting()[codes]].astype(np.uint64)


@cache
def _counting() -> npt.NDArray[np.bool_]:
    """By code point: whether it counts."""
    counts = np.fromiter((chr(code).isalnum() for code in range(0x110000)), np.bool_, 0x110000)
    counts[0] = True
    return counts


def _as_sets(values: Numbers, counts: Places) -> Trigrams:
    """Sorts within each text, and leaves out repeats."""
    given = Trigrams(values, _starts(counts))
    ordered, once = np.empty_like(values), np.empty(len(values), np.bool_)
    for texts, width in _by_width(counts):
        cells = _matrix(given, texts, width)
        cells.sort(axis=1)
        filled = np.arange(width) < counts[texts, None]
        places = (given.starts[texts, None] + np.arange(width))[filled]
        fresh = np.ones(cells.shape, np.bool_)
        np.not_equal(cells[:, 1:], cells[:, :-1], out=fresh[:, 1:])
        ordered[places], once[places] = cells[filled], fresh[filled]
    text_of = np.repeat(np.arange(len(counts)), counts)
    return Trigrams(ordered[once], _starts(np.bincount(text_of[once], minlength=len(counts))))


def _matrix(sets: Trigrams, texts: Places, width: int) -> Numbers:
    """One set a row, of at most ``width`` numbers, padded behind with a number that stands for no trigram."""
    columns = np.arange(width)
    if not len(sets.values):
        return np.full((len(texts), width), np.iinfo(sets.values.dtype).max, sets.values.dtype)
    cells = np.take(sets.values, sets.starts[texts, None] + columns, mode="clip")
    np.copyto(cells, np.iinfo(cells.dtype).max, where=columns >= sets.counts[texts, None])
    return cells


def _by_width(counts: Places) -> Iterator[tuple[Places, int]]:
    """Rows of like length together, so that a few long texts do not widen all rows: rows and the longest of them."""
    order = np.argsort(counts, kind="stable")
    ordered = counts[order]
    start = int(np.searchsorted(ordered, 1))
    while start < len(order):
        widest = 2 * int(ordered[start])
        end = min(start + max(1, _CELLS // widest), int(np.searchsorted(ordered, widest, side="right")))
        yield order[start:end], int(ordered[end - 1])
        start = end


def _starts(counts: Places) -> Places:
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts
