"""Two-sided p of the hypothesis that two arms differ only by chance, question by question.

Under it the two answers to a question could as well trade places. The sign-flip test does that at random (Good,
Permutation, Parametric, and Bootstrap Tests of Hypotheses, 2005), p = (k + 1) / (draws + 1) (Phipson & Smyth, Stat.
Appl. Genet. Mol. Biol. 9, 2010). Few differences are enumerated. For values of 0 and 1 the enumeration has a closed
form, the exact test of McNemar (Psychometrika 12, 1947, 153-157).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from scipy.special import bdtr

from workers.scorer.statistics.draws import all_halves
from workers.scorer.statistics.values import Sums, Values, influence, total

Halves = Callable[[], tuple[Sums, Sums]]
"""Sums of the baseline and of the new arm over random halves of the questions, drawn when needed."""

SIGN_FLIP, ENUMERATED, NORMAL, MCNEMAR = "sign-flip", "sign-flip, exact", "sign-flip, normal", "McNemar, exact"

FEW_DIFFERENCES = 13
"""Up to so many questions that differ, all 2¹³ = 8,192 ways to trade places are fewer than the random ones."""

_TIE = 1e-12
"""Sums closer than this, relative to all that was summed, are equal but for rounding."""


def p_of_draws(observed: float, draws: Values, scale: float) -> float:
    """``draws``: the statistic under random trades, centred on 0; ``scale``: what its rounding is relative to."""
    reached = np.count_nonzero(np.abs(draws) >= abs(observed) - _TIE * scale)
    return float(reached + 1) / (draws.size + 1)


def p_enumerated(differences: Values) -> float:
    """All ways to give the differences (none of them 0, ``FEW_DIFFERENCES`` at most) a sign."""
    observed, scale = abs(float(differences.sum())), float(np.abs(differences).sum())
    sums = (2 * all_halves(differences.size) - 1) @ differences
    return float(np.mean(np.abs(sums) >= observed - _TIE * scale))


def p_normal(observed: float, differences: Values) -> float:
    """The sign-flip test for very many questions: the sum of randomly signed differences is normal, its variance their
    sum of squares."""
    spread = math.sqrt(float(np.square(differences).sum()))
    return 2 * NormalDist().cdf(-abs(observed) / spread) if spread else 1.0


def sign_flip(base: Values, new: Values, halves: Halves, *, many: bool) -> tuple[float, str]:
    """p of two columns of plain values, and the name of the test; ``halves``: their sums over random halves."""
    differences = new - base
    apart = differences[differences != 0]
    observed = float(apart.sum())
    if apart.size <= FEW_DIFFERENCES:
        return p_enumerated(apart), ENUMERATED
    if many:
        return p_normal(observed, apart), NORMAL
    lower, upper = halves()
    # Where the arms trade places the difference changes its sign: Σd − 2 Σ(d of those that trade).
    flips = observed - 2 * (upper.parts - lower.parts)
    return p_of_draws(observed, flips, float(np.abs(base).sum() + np.abs(new).sum())), SIGN_FLIP


def rate_flip(base: Sums, new: Sums, halves: Halves, *, many: bool) -> tuple[float, str]:
    """The same of micro rates: a question trades part and whole."""
    observed = total(new) - total(base)
    if many:
        return p_normal(observed * base.parts.size, influence(new) - influence(base)), NORMAL
    lower, upper = halves()
    parts, wholes = lower.parts - upper.parts, lower.wholes - upper.wholes
    above = Sums(new.parts.sum() + parts, new.wholes.sum() + wholes).rates()
    below = Sums(base.parts.sum() - parts, base.wholes.sum() - wholes).rates()
    return p_of_draws(observed, np.nan_to_num(above - below), 1.0), SIGN_FLIP


def mcnemar(base: Values, new: Values) -> float:
    """Exact, of values that are 0 or 1: the questions that only one arm got right, as throws of a fair coin."""
    gained = int(np.count_nonzero(new > base))
    lost = int(np.count_nonzero(new < base))
    if gained == lost:
        return 1.0
    return min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5)))
