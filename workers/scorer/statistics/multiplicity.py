"""p-values that are read together, adjusted for how many there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workers.scorer.statistics.values import rounded_p

Numbers = NDArray[np.float64]


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted so that the chance of any false alarm among them stays below alpha (Holm, Scand. J. Stat. 6, 1979)."""
    order = np.argsort(ps, kind="stable")
    steps = np.array(ps, dtype=np.float64)[order] * np.arange(len(ps), 0, -1)
    return _in_place(np.maximum.accumulate(steps), order)


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Adjusted so that of what is called a difference a share below alpha is false (JRSS B 57, 1995, 289-300)."""
    order = np.argsort(ps, kind="stable")
    steps = np.array(ps, dtype=np.float64)[order] * len(ps) / np.arange(1, len(ps) + 1)
    return _in_place(np.minimum.accumulate(steps[::-1])[::-1], order)


def _in_place(ascending: Numbers, order: NDArray[np.intp]) -> list[float]:
    found = np.empty(len(order))
    found[order] = np.minimum(ascending, 1.0)
    return [rounded_p(p) for p in found]
