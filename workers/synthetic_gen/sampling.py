"""Shares of a whole, drawn without chance: systematic sampling, so that few draws already have the right mix. Pure.

Source: Madow and Madow, "On the Theory of Systematic Sampling" (1944).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Hashable, Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_GOLDEN = 0.6180339887498949


def phase(seed: str, round: int = 0) -> float:
    """A number in [0, 1) for a name. Rounds of one name are spread as far from each other as can be."""
    start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6], "big") / 2**48
    return (start + round * _GOLDEN) % 1.0


def systematic(weights: Sequence[float], draws: int, phase: float) -> list[int]:
    """``draws`` places, in order; each place as often as its weight is of the whole, within one. Some weight > 0."""
    ends = list(accumulate(weights))
    places, place = [], 0
    for draw in range(draws):
        at = (draw + phase) / draws * ends[-1]
        while ends[place] <= at and place < len(ends) - 1:
            place += 1
        places.append(place)
    return places


def mixed(weights: Mapping[T, float], draws: int, seed: str, round: int = 0) -> list[T]:
    """``draws`` names in a seeded order, in proportion to their weights."""
    names = [name for name, weight in weights.items() if weight > 0]
    if not names:
        return []
    drawn = [names[place] for place in systematic([weights[name] for name in names], draws, phase(seed, round))]
    random.Random(f"{seed}:{round}").shuffle(drawn)
    return drawn
