"""Whether arms differ at all in how they are ranked, and how much rankings agree.

Friedman, JASA 32 (1937), with the correction for ties of Conover, Practical Nonparametric Statistics (1999);
Kendall & Babington Smith, Ann. Math. Stat. 10 (1939): W = chi² / (n (k - 1)).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from workers.scorer.people.points import points_of
from workers.scorer.statistics.values import rounded, rounded_p


@dataclass(frozen=True)
class Concordance:
    """``chi2`` on k − 1 degrees of freedom, its p, and Kendall's W between 0 and 1."""

    chi2: float
    p: float
    w: float


def concordance(blocks: Sequence[Sequence[float]]) -> Concordance | None:
    """``blocks``: what each arm got on one question; only the order within a block counts. None where all are equal."""
    ranked = [list(points_of({str(n): value for n, value in enumerate(block)}).values()) for block in blocks]
    if not ranked:
        return None
    sums = np.array(ranked).sum(axis=0)
    return of_sums([float(total) for total in sums], len(ranked), sum(map(_ties, ranked)))


def of_sums(sums: Sequence[float], rankings: int, ties: float = 0.0) -> Concordance | None:
    """Of the sums of points alone. ``ties``: Σ (t³ − t) over all groups of t equal arms in a ranking."""
    arms = len(sums)
    spread = float(np.square(np.array(sums) - np.mean(sums)).sum())
    room = rankings * arms * (arms + 1) - ties / max(arms - 1, 1)
    if arms < 2 or room <= 0:
        return None
    chi2 = 12 * spread / room
    return Concordance(rounded(chi2), rounded_p(float(chdtrc(arms - 1, chi2))), rounded(chi2 / (rankings * (arms - 1))))


def _ties(block: Sequence[float]) -> float:
    return float(sum(size**3 - size for size in Counter(block).values()))
