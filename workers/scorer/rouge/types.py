"""The types of ROUGE by name: ``rouge1`` … ``rouge9``, ``rougeL``, ``rougeLsum``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.errors import BadInput

TYPES = ("rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum")

_KNOWN = re.compile(r"rouge([1-9]|L|Lsum)")


def checked(types: Iterable[str]) -> tuple[str, ...]:
    """The same names. Raises BadInput for one that is no type, or when there is none."""
    names = tuple(types)
    unknown = [name for name in names if not _KNOWN.fullmatch(name)]
    if unknown or not names:
        asked = ", ".join(map(repr, unknown)) or "an empty list"
        raise BadInput(f"{asked} names no ROUGE; choose from rouge1 to rouge9, rougeL and rougeLsum")
    return names


def ngram_lengths(types: Iterable[str]) -> dict[str, int]:
    """Type → n of those that count n-grams."""
    return {name: int(name[5:]) for name in types if name[5:].isdigit()}
