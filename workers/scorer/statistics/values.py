"""What is compared: a metric of one arm, question by question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""One metric of one arm, by question; arms that are compared list the same questions in the same order."""

DRAWS = 10_000
LEVEL = 0.95
ALPHA = 0.05
DIGITS = 6
ALMOST_ZERO = 1e-6
"""A baseline mean below this gives no meaningful ratio."""


@dataclass(frozen=True)
class Rates:
    """A micro rate, Σ part / Σ whole: of each question a part and its whole, such as its wrong links and its links."""

    parts: Values
    wholes: Values


Measured = Values | Rates


@dataclass(frozen=True)
class Sums:
    """``parts / wholes`` is the metric: over the questions themselves, or over each draw of them."""

    parts: Values
    wholes: Values

    def rates(self) -> Values:
        """NaN where the whole is nothing."""
        rates: Values = np.full_like(self.parts, np.nan)
        np.divide(self.parts, self.wholes, out=rates, where=self.wholes > 0)
        return rates


def by_question(measured: Measured) -> Sums:
    """Any metric as parts of wholes; the whole of a plain value is 1."""
    if isinstance(measured, Rates):
        if measured.parts.shape != measured.wholes.shape:
            raise ValueError(f"{measured.parts.size} parts of {measured.wholes.size} wholes; a rate needs as many")
        return Sums(measured.parts, measured.wholes)
    return Sums(measured, np.ones_like(measured))


def total(sums: Sums) -> float:
    """The metric over all questions; NaN where there is nothing to divide by."""
    whole = float(sums.wholes.sum())
    return float(sums.parts.sum()) / whole if whole > 0 else float("nan")


def influence(sums: Sums) -> Values:
    """How much each question pulls the metric from its value; its mean is 0. For a plain value, its distance from the
    mean."""
    pulls: Values = (sums.parts - total(sums) * sums.wholes) / sums.wholes.mean()
    return pulls


def is_binary(measured: Measured) -> bool:
    """All values are 0 or 1."""
    return not isinstance(measured, Rates) and bool(np.isin(measured, (0.0, 1.0)).all())


def mean(values: Values) -> float | None:
    """The mean, rounded; None of nothing."""
    return rounded(values.mean()) if values.size else None


def rounded(value: float) -> float:
    """To ``DIGITS``; −0.0, which reads like a loss, is 0.0."""
    return round(float(value), DIGITS) + 0.0


def rounded_p(p: float) -> float:
    """To ``DIGITS`` significant digits: a tiny p is not 0."""
    return float(f"{p:.{DIGITS}g}")
