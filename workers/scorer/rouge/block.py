"""Pairs that are scored together, as arrays over all their tokens: all references first, then all answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from workers.scorer.rouge.lines import LINE

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """One entry per token and array. ``line`` counts all lines of the block, so that no two texts share one."""

    tokens: Ints
    text: Ints
    line: Ints
    pairs: int

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> Block:
        """From encoded texts: a character per token, and ``LINE`` between lines."""
        texts = [reference for reference, _ in pairs] + [answer for _, answer in pairs]
        read = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
        ends = read == ord(LINE)
        text = np.repeat(np.arange(len(texts)), np.fromiter(map(len, texts), np.int64, len(texts)))
        line = text + np.cumsum(ends)
        return cls(read[~ends].astype(np.int64), text[~ends], line[~ends], len(pairs))

    @cached_property
    def pair(self) -> Ints:
        return self.text % max(self.pairs, 1)

    @cached_property
    def lengths(self) -> tuple[Ints, Ints]:
        """Tokens of each reference, and of each answer."""
        counts = np.bincount(self.text, minlength=2 * self.pairs)
        return counts[: self.pairs], counts[self.pairs :]

    @cached_property
    def line_lengths(self) -> Ints:
        """Tokens of each line."""
        return np.bincount(self.line)

    @cached_property
    def first_answer(self) -> int:
        """From this place on tokens are of answers."""
        return int(self.lengths[0].sum())


def ordered(first: Ints, second: Ints) -> Ints:
    """Places sorted by ``first``, then ``second``, equal ones as they stand.

    numpy's stable sort of 16-bit keys is a radix sort, several times faster than that of whole ones.
    """
    order = np.argsort(_narrow(second), kind="stable")
    return order[np.argsort(_narrow(first)[order], kind="stable")]


def begins(first: Ints, second: Ints) -> Ints:
    """Where runs of equal (first, second) begin in sorted arrays that are not empty."""
    new = np.ones(len(first), dtype=np.bool_)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return np.flatnonzero(new)


def _narrow(keys: Ints) -> npt.NDArray[np.uint16] | Ints:
    return keys.astype(np.uint16) if keys.max() < 1 << 16 else keys
