"""Numbers as people read them in a report: a true minus sign, no line break inside a number, thousands apart."""

from __future__ import annotations

import math

NO_BREAK = "\u00a0"
MINUS = "\u2212"

_WIDE = 10.0
"""Relative changes from this one on (1,000 %) are shown without decimals."""


def count(number: int) -> str:
    """12345 → ``12,345``."""
    return f"{number:,}".replace("-", MINUS)


def decimal(value: float | None, digits: int = 3) -> str | None:
    """0.41237 → ``0.412``. None for a value that is missing or not finite."""
    if value is None or not math.isfinite(value):
        return None
    return f"{_no_negative_zero(value, digits):,.{digits}f}".replace("-", MINUS)


def signed_decimal(value: float | None, digits: int = 3) -> str | None:
    """0.41237 → ``+0.412``; zero has no sign."""
    return _signed(value, digits)


def percent(share: float | None) -> str | None:
    """A relative change: 0.26842 → ``+26.8 %``; zero has no sign. None for a missing one."""
    number = _signed_percent(share)
    return None if number is None else f"{number}{NO_BREAK}%"


def interval(low: float | None, high: float | None) -> str | None:
    """The interval of a relative change, in percent: ``[+12.3, +45.6]``. None when an end is missing."""
    lower, upper = _signed_percent(low), _signed_percent(high)
    return None if lower is None or upper is None else f"[{lower},{NO_BREAK}{upper}]"


def _signed_percent(share: float | None) -> str | None:
    if share is None:
        return None
    return _signed(share * 100, 0 if abs(share) >= _WIDE else 1)


def _signed(value: float | None, digits: int) -> str | None:
    if value is None or not math.isfinite(value):
        return None
    rounded = _no_negative_zero(value, digits)
    return f"{rounded:+,.{digits}f}".replace("-", MINUS) if rounded else f"{rounded:.{digits}f}"


def _no_negative_zero(value: float, digits: int) -> float:
    return round(value, digits) + 0.0
