"""What so many questions can show at all."""

from __future__ import annotations

import math
from statistics import NormalDist

from workers.scorer.statistics.values import ALPHA, Values, rounded

POWER = 0.8


def detectable(differences: Values) -> float | None:
    """The smallest true difference of means that is found significant in 80 of 100 runs of this size.

    (z(0.975) + z(0.8)) · sd / √n, with the sd of the paired differences (Cohen, Statistical Power Analysis, 1988,
    ch. 2), for a single comparison; among many, which Holm adjusts, it must be larger. None below two questions.
    """
    if differences.size < 2:
        return None
    normal = NormalDist()
    needed = normal.inv_cdf(1 - ALPHA / 2) + normal.inv_cdf(POWER)
    return rounded(needed * float(differences.std(ddof=1)) / math.sqrt(differences.size))
