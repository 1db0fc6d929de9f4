"""Means over questions and how sure they are: percentile bootstrap, questions resampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLED = 10_000


def interval(values: Sequence[float] | NDArray[np.float64], seed: int = 7) -> tuple[float, float, float]:
    """The mean, and the ends of its 95 % interval. Of differences between two searches: paired by question."""
    given = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(given), (RESAMPLED, len(given)))
    low, high = np.percentile(given[drawn].mean(axis=1), [2.5, 97.5])
    return float(given.mean()), float(low), float(high)
