"""95 % intervals.

Percentile bootstrap: Efron & Tibshirani, An Introduction to the Bootstrap (1993), ch. 13. Delta method: Casella &
Berger, Statistical Inference (2002), 5.5.4. Score interval of a share: Wilson, JASA 22 (1927), 209-212.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from workers.scorer.statistics.values import LEVEL, Values, rounded

Interval = tuple[float | None, float | None]
"""Both ends, rounded, or None twice."""

NO_INTERVAL: Interval = (None, None)

TAIL = (1 - LEVEL) / 2
Z = NormalDist().inv_cdf(1 - TAIL)


def percentile(draws: Values) -> Interval:
    """The middle 95 % of draws.

    A draw without a value (a resample in which the baseline is never right has no ratio) is left out; where that is
    common, nothing is known.
    """
    usable = draws[np.isfinite(draws)]
    if usable.size < LEVEL * draws.size:
        return NO_INTERVAL
    low, high = np.quantile(usable, [TAIL, 1 - TAIL])
    return rounded(low), rounded(high)


def delta(estimate: float, influences: Values) -> Interval:
    """``estimate`` ± 1.96 standard errors, from how much each question pulls it (mean 0): the delta method."""
    error = Z * float(influences.std(ddof=1)) / math.sqrt(influences.size)
    return rounded(estimate - error), rounded(estimate + error)


def wilson(hits: float, n: int) -> Interval:
    """Of a share ``hits / n``. Unlike a bootstrap it keeps its width when all answers are right, or none."""
    share, extra = hits / n, Z * Z / n
    middle = (share + extra / 2) / (1 + extra)
    half = Z / (1 + extra) * math.sqrt(share * (1 - share) / n + extra / (4 * n))
    return rounded(max(0.0, middle - half)), rounded(min(1.0, middle + half))
