"""How much better one arm is than another, and how sure that is.

The effect is the ratio of means, mean(new) / mean(base) − 1, never a mean of ratios. Its interval is a paired
percentile bootstrap over questions (Efron & Tibshirani 1993, ch. 13): both means are taken over the same resampled
questions, which keeps the pairing that most tools throw away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.base import content_hash

Values = NDArray[np.float64]
"""One metric of one arm, by question; arms that are compared list the same questions in the same order."""

DRAWS = 10_000
LEVEL = 0.95
DIGITS = 6
ALMOST_ZERO = 1e-6
"""A baseline mean below this gives no meaningful ratio."""

_BLOCK = 1_000_000
"""Indices drawn at a time, so that memory stays flat however many questions there are."""


@dataclass(frozen=True)
class Change:
    """A relative change with its 95 % interval. All None when the baseline's mean is (almost) zero."""

    relative: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def better(self) -> bool:
        """The interval lies above zero."""
        return self.low is not None and self.low > 0

    @property
    def worse(self) -> bool:
        """The interval lies below zero."""
        return self.high is not None and self.high < 0


def relative_change(base: Values, new: Values, *, seed: int, metric: str, arm: str) -> Change:
    """The change of ``new`` against ``base``; the same seed, metric and arm draw the same resamples.

    Raises ValueError when the two are not paired. Fewer than two questions give a change without interval.
    """
    if base.shape != new.shape:
        raise ValueError(f"{metric} of {arm}: {new.size} values against {base.size}; only paired values compare")
    if base.size == 0 or base.mean() < ALMOST_ZERO:
        return Change()
    relative = _rounded(new.mean() / base.mean() - 1)
    if base.size < 2:
        return Change(relative)
    low, high = _interval(base, new, np.random.default_rng(_entropy(seed, metric, arm)))
    return Change(relative, low, high)


def mean(values: Values) -> float | None:
    """The mean, rounded; None of nothing."""
    return _rounded(values.mean()) if values.size else None


def _interval(base: Values, new: Values, random: np.random.Generator) -> tuple[float | None, float | None]:
    changes = _resampled(base, new, random)
    # A resample without a single right answer of the baseline has no ratio; where that is common, nothing is known.
    usable = changes[np.isfinite(changes)]
    if usable.size < LEVEL * DRAWS:
        return None, None
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(usable, [tail, 1 - tail])
    return _rounded(low), _rounded(high)


def _resampled(base: Values, new: Values, random: np.random.Generator) -> Values:
    """``DRAWS`` relative changes over questions drawn with replacement; NaN where the baseline's mean vanishes."""
    draws = max(1, min(DRAWS, _BLOCK // base.size))
    blocks = []
    for start in range(0, DRAWS, draws):
        chosen = random.integers(0, base.size, size=(min(draws, DRAWS - start), base.size))
        below, above = base[chosen].mean(axis=1), new[chosen].mean(axis=1)
        ratio = np.divide(above, below, out=np.full_like(above, np.nan), where=below >= ALMOST_ZERO)
        blocks.append(ratio - 1)
    return np.concatenate(blocks)


def _entropy(seed: int, metric: str, arm: str) -> np.random.SeedSequence:
    return np.random.SeedSequence(int(content_hash([seed, metric, arm])[:32], 16))


def _rounded(value: float) -> float:
    return round(float(value), DIGITS) + 0.0  # −0.0 reads like a loss
