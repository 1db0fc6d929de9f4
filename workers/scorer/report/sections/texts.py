"""Numbers of the report as the text of a cell."""

from __future__ import annotations

from collections.abc import Callable

from shared.text import numbers
from workers.scorer.metrics import Better

Number = Callable[[float | None], str | None]
SMALLEST = 0.001
"""Three decimals cannot tell a smaller p."""


def bounds(low: float | None, high: float | None, show: Number = numbers.decimal) -> str:
    """``[0.301, 0.367]``; empty when an end is missing."""
    lower, upper = show(low), show(high)
    return "" if lower is None or upper is None else f"[{lower},{numbers.NO_BREAK}{upper}]"


def lines(*parts: str | None) -> str | None:
    """A cell of the parts that say something, one under the other; None of nothing."""
    return "\n".join(part for part in parts if part) or None


def estimate(value: float | None, low: float | None, high: float | None, show: Number = numbers.decimal) -> str | None:
    """A value over its interval; None without a value."""
    shown = show(value)
    return None if shown is None else lines(shown, bounds(low, high, show))


def share(value: float | None) -> str | None:
    """0.41237 → ``41.2 %``."""
    shown = numbers.decimal(None if value is None else value * 100, 1)
    return None if shown is None else f"{shown}{numbers.NO_BREAK}%"


def probability(p: float | None) -> str | None:
    """``p 0.012``, and ``p < 0.001`` for what is smaller."""
    if p is None:
        return None
    shown = f"<{numbers.NO_BREAK}0.001" if p < SMALLEST else numbers.decimal(p)
    return f"p{numbers.NO_BREAK}{shown}"


def marked(shown: str | None, difference: float | None, better: Better) -> str | None:
    """A difference that holds, with ▲ for better or ▼ for worse before it."""
    if shown is None or not difference or better == "neither":
        return shown
    return f"{'▲' if (difference > 0) == (better == 'higher') else '▼'}{numbers.NO_BREAK}{shown}"
