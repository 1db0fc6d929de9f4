"""A comparison of two arms on one metric, and families of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workers.scorer.statistics.intervals import NO_INTERVAL, Interval
from workers.scorer.statistics.multiplicity import holm
from workers.scorer.statistics.values import ALPHA

Adjustment = Callable[[Sequence[float]], list[float]]


@dataclass(frozen=True)
class Change:
    """What changed from one arm to another, with 95 % intervals; all None where nothing is known.

    ``relative`` is a ratio of means less 1 and None when the baseline's mean is (almost) zero. ``p`` is that of this
    comparison alone, ``p_adjusted`` that among its family (see ``adjusted``). ``detectable`` is the smallest absolute
    difference that so many questions show in 80 of 100 runs. ``test`` and ``interval`` name the methods.
    """

    relative: float | None = None
    low: float | None = None
    high: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    detectable: float | None = None
    test: str | None = None
    interval: str | None = None

    @property
    def significant(self) -> bool:
        """Interval and test agree: zero lies outside of the one, and p, adjusted where it was, is at most 5 %."""
        p = self.p if self.p_adjusted is None else self.p_adjusted
        return p is not None and p <= ALPHA and (self._above or self._below)

    @property
    def better(self) -> bool:
        """Significant, and upwards."""
        return self.significant and self._above

    @property
    def worse(self) -> bool:
        """Significant, and downwards."""
        return self.significant and self._below

    @property
    def _above(self) -> bool:
        low, _ = self._ends
        return low is not None and low > 0

    @property
    def _below(self) -> bool:
        _, high = self._ends
        return high is not None and high < 0

    @property
    def _ends(self) -> Interval:
        """Of the ratio, or of the difference where there is no ratio."""
        for low, high in ((self.low, self.high), (self.difference_low, self.difference_high)):
            if low is not None and high is not None:
                return low, high
        return NO_INTERVAL


def adjusted(family: Sequence[Change], method: Adjustment = holm) -> list[Change]:
    """The same with ``p_adjusted``, over all of them that have a p: what is read together."""
    ps = iter(method([change.p for change in family if change.p is not None]))
    return [change if change.p is None else replace(change, p_adjusted=next(ps)) for change in family]
