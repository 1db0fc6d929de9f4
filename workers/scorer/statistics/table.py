"""Arms by metrics over the same questions, any two of which can be compared."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np

from workers.scorer.statistics.change import Change
from workers.scorer.statistics.draws import MAX_QUESTIONS, Draws
from workers.scorer.statistics.intervals import NO_INTERVAL, Interval, delta, percentile, wilson
from workers.scorer.statistics.power import detectable
from workers.scorer.statistics.significance import MCNEMAR, mcnemar, rate_flip, sign_flip
from workers.scorer.statistics.values import (
    ALMOST_ZERO,
    Measured,
    Rates,
    Sums,
    Values,
    by_question,
    influence,
    is_binary,
    rounded,
    rounded_p,
    total,
)

K = TypeVar("K", bound=Hashable)

BOOTSTRAP, DELTA = "paired bootstrap, percentile", "delta method"


class PairedTable(Generic[K]):
    """Compares columns of values, each by its key (an arm and a metric), over ``n`` common questions.

    The draws follow from ``seed`` (the run's seed, and what else names the questions) and ``n`` alone, so that an arm's
    numbers do not depend on which other arms stand beside it.
    """

    def __init__(self, columns: Mapping[K, Measured], *, seed: Sequence[object]) -> None:
        self._columns = dict(columns)
        self._sums = {key: by_question(measured) for key, measured in columns.items()}
        sizes = {sums.parts.size for sums in self._sums.values()}
        if len(sizes) > 1:
            raise ValueError(f"columns of {sorted(sizes)} values; only paired values compare")
        self.n = sizes.pop() if sizes else 0
        self._draws = Draws(self._sums, seed)

    def change(self, base: K, new: K) -> Change:
        """How ``new`` differs from ``base``. Fewer than two questions give a change without interval and p."""
        below, above = total(self._sums[base]), total(self._sums[new])
        if not np.isfinite([below, above]).all():
            return Change()
        relative = above / below - 1 if below >= ALMOST_ZERO else None
        difference = rounded(above - below)
        if self.n < 2:
            return Change(None if relative is None else rounded(relative), difference=difference)
        low, high = self._ratio(base, new) if relative is not None else NO_INTERVAL
        difference_low, difference_high = self._difference(base, new)
        p, test = self._p(base, new)
        return Change(
            relative=None if relative is None else rounded(relative),
            low=low,
            high=high,
            difference=difference,
            difference_low=difference_low,
            difference_high=difference_high,
            p=rounded_p(p),
            detectable=detectable(self._influence(new) - self._influence(base)),
            test=test,
            interval=DELTA if self._many else BOOTSTRAP,
        )

    def value_interval(self, key: K) -> Interval:
        """Of a column's own value: a score interval where all values are 0 or 1."""
        measured, sums = self._columns[key], self._sums[key]
        if self.n < 2 or not np.isfinite(total(sums)):
            return NO_INTERVAL
        if is_binary(measured):
            return wilson(float(sums.parts.sum()), self.n)
        if self._many:
            return delta(total(sums), self._influence(key))
        return percentile(self._draws.resampled(key).rates())

    @property
    def _many(self) -> bool:
        return self.n > MAX_QUESTIONS

    def _ratio(self, base: K, new: K) -> Interval:
        below, above = total(self._sums[base]), total(self._sums[new])
        if self._many:
            pulls = (self._influence(new) - above / below * self._influence(base)) / below
            return delta(above / below - 1, pulls)
        lower, upper = self._draws.resampled(base).rates(), self._draws.resampled(new).rates()
        out = np.full_like(upper, np.nan)
        return percentile(np.divide(upper, lower, out=out, where=lower >= ALMOST_ZERO) - 1)

    def _difference(self, base: K, new: K) -> Interval:
        if self._many:
            difference = total(self._sums[new]) - total(self._sums[base])
            return delta(difference, self._influence(new) - self._influence(base))
        return percentile(self._draws.resampled(new).rates() - self._draws.resampled(base).rates())

    def _p(self, base: K, new: K) -> tuple[float, str]:
        one, other = self._columns[base], self._columns[new]

        def halves() -> tuple[Sums, Sums]:
            return self._draws.halves(base), self._draws.halves(new)

        if isinstance(one, Rates) or isinstance(other, Rates):
            return rate_flip(self._sums[base], self._sums[new], halves, many=self._many)
        if is_binary(one) and is_binary(other):
            return mcnemar(one, other), MCNEMAR
        return sign_flip(one, other, halves, many=self._many)

    def _influence(self, key: K) -> Values:
        return influence(self._sums[key])
