"""Nested values, whatever they are, as pairs of names and text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.text import numbers

SEPARATOR = " · "
UNITS = ("s", "ms")
"""Ends of names: seconds and milliseconds."""


def facts(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every leaf with the path to it, in the order given: ``{"arms": {"a": {"job": "x"}}}`` → ``arms · a · job``, x."""
    found: list[tuple[str, str]] = []
    for name, item in value.items():
        if isinstance(item, Mapping):
            found += [(f"{name}{SEPARATOR}{path}", text) for path, text in facts(item)]
        elif item is not None:
            found.append(_fact(name, item))
    return found


def _fact(name: str, item: Any) -> tuple[str, str]:
    """A number whose name ends in a unit is shown with it."""
    text, (stem, _, unit) = _text(item), name.rpartition("_")
    if unit in UNITS and isinstance(item, int | float):
        return stem.replace("_", " "), f"{text}{numbers.NO_BREAK}{unit}"
    return name.replace("_", " "), text


def _text(item: Any) -> str:
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, int):
        return numbers.count(item)
    if isinstance(item, float):
        return numbers.decimal(item, 1) or ""
    return ", ".join(map(_text, item)) if isinstance(item, list | tuple) else str(item)
