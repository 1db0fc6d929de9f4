"""The scores of many pairs: a column of numbers per type, read row by row where that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from workers.scorer.rouge.prf import Prf, Values


@dataclass(frozen=True)
class RougeColumns:
    """``values``: type → precision, recall and F-measure, shape (pairs, 3), in the order of the pairs."""

    values: Mapping[str, Values]

    @classmethod
    def joined(cls, types: Iterable[str], blocks: Iterable[RougeColumns]) -> RougeColumns:
        """Blocks one after the other; none make columns without rows."""
        parts = list(blocks)
        return cls({name: np.concatenate([np.empty((0, 3)), *(part.values[name] for part in parts)]) for name in types})

    def fmeasure(self, name: str) -> Values:
        """F-measures of one type, shape (pairs,)."""
        return self.values[name][:, 2]

    def __len__(self) -> int:
        return min(map(len, self.values.values()), default=0)

    def __getitem__(self, row: int) -> dict[str, Prf]:
        return {name: Prf(*column[row].tolist()) for name, column in self.values.items()}

    def __iter__(self) -> Iterator[dict[str, Prf]]:
        columns = [[Prf(*row) for row in column.tolist()] for column in self.values.values()]
        return (dict(zip(self.values, row, strict=True)) for row in zip(*columns, strict=True))
