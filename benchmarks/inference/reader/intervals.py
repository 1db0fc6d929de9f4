"""How sure a difference of two arms is: a paired percentile bootstrap over questions (Efron & Tibshirani 1993)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.inference.intervals import interval


@dataclass(frozen=True)
class Difference:
    """Mean of new − base, and its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """What the interval says."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "not told apart"


def difference(base: NDArray[np.float64], new: NDArray[np.float64]) -> Difference:
    """Of two arms' values for the same questions in the same order, at least one."""
    return Difference(*interval(new - base))
