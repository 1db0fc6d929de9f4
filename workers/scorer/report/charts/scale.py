"""From values to places on a chart's axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

SMALLEST = 1e-6
"""Reported numbers have six digits; no axis needs to be finer."""

_STEPS = (1, 2, 2.5, 5, 10)
"""Leading digits that people count in."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in pixels, and what stands there."""

    at: float
    text: str


@dataclass(frozen=True)
class Scale:
    """A straight axis: ``low`` lies at ``start``, ``high`` at ``end`` (pixels; ``end`` may be smaller, for y)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value in pixels, to a tenth."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, about: int = 4) -> list[float]:
        """Round values inside the axis, about as many as asked for."""
        step = tick_step(self.high - self.low, about)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(index * step, 10) + 0.0 for index in range(first, last + 1)]


def tick_step(width: float, about: int) -> float:
    """The smallest round step that cuts ``width`` (> 0) into at most ``about`` parts."""
    rough = width / about
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))


def padded(values: list[float], share: float = 0.06) -> tuple[float, float]:
    """The range of values (at least one) with room at both ends; equal values get a range around them."""
    low, high = min(values), max(values)
    room = max((high - low or abs(high)) * share, SMALLEST)
    return low - room, high + room
