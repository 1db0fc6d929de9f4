"""Random draws over questions, made once and shared by all arms and metrics: one matrix product instead of loops.

A draw of a bootstrap is how often each question was taken; a draw of a permutation test is for which questions the two
arms trade places. Either is a row of a matrix, and that matrix times the values (questions by columns) is what all
columns sum to under all draws at once. Blocks keep memory flat however many questions there are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from schemas.base import content_hash
from workers.scorer.statistics.values import DRAWS, Sums, Values

K = TypeVar("K", bound=Hashable)
Matrix = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], Matrix]

_BLOCK = 1_000_000
"""Entries of a matrix of draws that exist at a time."""

MAX_QUESTIONS = 20_000
"""Above this many questions no draws are made: the normal approximation is as good as they are, and costs nothing."""


def generator(*names: object) -> np.random.Generator:
    """A stream of its own for each list of names (the run's seed first), the same on every machine."""
    return np.random.default_rng(np.random.SeedSequence(int(content_hash(list(names))[:32], 16)))


def resampled(columns: Matrix, random: np.random.Generator) -> Matrix:
    """Sums of each column over ``DRAWS`` resamples of the questions with replacement: draws by columns."""
    return _summed(columns, random, _counts)


def halved(columns: Matrix, random: np.random.Generator) -> Matrix:
    """Sums of each column over ``DRAWS`` random halves of the questions, each taken with chance ½: draws by columns."""
    return _summed(columns, random, _halves)


def all_halves(size: int) -> Matrix:
    """Every subset of so many questions as a row of zeros and ones."""
    rows = np.arange(2**size, dtype=np.uint32)[:, None] >> np.arange(size, dtype=np.uint32)
    return (rows & 1).astype(np.float64)


class Draws(Generic[K]):
    """The sums of all columns over the same draws, made when first asked for."""

    def __init__(self, columns: Mapping[K, Sums], seed: Sequence[object]) -> None:
        self._seed = seed
        self._columns: list[Values] = []
        self._whole_ones: int | None = None
        self._places = {key: (self._add(sums.parts), self._whole(sums.wholes)) for key, sums in columns.items()}

    def resampled(self, key: K) -> Sums:
        """Of one column, a value a draw: over resampled questions."""
        return self._pick(self._resamples, key)

    def halves(self, key: K) -> Sums:
        """The same over random halves."""
        return self._pick(self._halves, key)

    def _add(self, column: Values) -> int:
        self._columns.append(column)
        return len(self._columns) - 1

    def _whole(self, column: Values) -> int:
        """The ones that plain values are parts of stand once for all of them."""
        if not (column == 1).all():
            return self._add(column)
        if self._whole_ones is None:
            self._whole_ones = self._add(column)
        return self._whole_ones

    def _pick(self, drawn: Matrix, key: K) -> Sums:
        part, whole = self._places[key]
        return Sums(drawn[:, part], drawn[:, whole])

    @cached_property
    def _resamples(self) -> Matrix:
        return resampled(self._matrix, generator(*self._seed, "bootstrap"))

    @cached_property
    def _halves(self) -> Matrix:
        return halved(self._matrix, generator(*self._seed, "sign-flip"))

    @cached_property
    def _matrix(self) -> Matrix:
        """Questions by parts and wholes."""
        return np.column_stack(self._columns)


def _summed(columns: Matrix, random: np.random.Generator, draw: Draw) -> Matrix:
    size = columns.shape[0]
    return np.concatenate([draw(random, rows, size) @ columns for rows in _blocks(size)])


def _blocks(size: int) -> Iterator[int]:
    rows = max(1, min(DRAWS, _BLOCK // max(1, size)))
    for start in range(0, DRAWS, rows):
        yield min(rows, DRAWS - start)


def _counts(random: np.random.Generator, rows: int, size: int) -> Matrix:
    chosen = random.integers(0, size, size=(rows, size), dtype=np.int64)
    chosen += np.arange(0, rows * size, size)[:, None]
    return np.bincount(chosen.ravel(), minlength=rows * size).reshape(rows, size).astype(np.float64)


def _halves(random: np.random.Generator, rows: int, size: int) -> Matrix:
    packed = np.frombuffer(random.bytes(rows * -(-size // 8)), dtype=np.uint8).reshape(rows, -1)
    return np.unpackbits(packed, axis=1, count=size).astype(np.float64)
