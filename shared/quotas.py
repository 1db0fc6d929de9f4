"""How many questions are asked about how much text: dataset-builder reckons with it, synthetic-gen plans by it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.recipe import Recipe, Unit
from shared.text.tokens import estimate_tokens

SLOTS_PER_CALL = 8
"""Questions asked for at once: the reply must fit in what a model writes."""
SLOTS_PER_CHUNK = 8
"""Questions about one chunk in one round: one call asks for them all, as calls do not know of each other."""
SLOTS_PER_CONNECTION = 2
"""Questions asked for, in each round, about chunks of several documents."""
LEAST_TOKENS = 12
"""A chunk with less text (a heading, a copyright line) is asked about by nobody."""


@dataclass(frozen=True)
class Size:
    """Estimated tokens of a unit, and its chunks, both of what can be asked about."""

    tokens: int
    chunks: int


def worth(text: str) -> int:
    """Estimated tokens by which a chunk takes its share of questions; 0 for next to no text."""
    tokens = estimate_tokens(text)
    return tokens if tokens >= LEAST_TOKENS else 0


def quota(unit: Unit, size: Size, recipe: Recipe, round: int) -> int:
    """Questions asked of a unit. Each round asks for twice as many as the one before, as far as its chunks can take
    them, so that few rounds empty a rich document."""
    if len(unit.documents) > 1:
        return SLOTS_PER_CONNECTION
    wanted = math.ceil(recipe.per_1000_tokens * size.tokens / 1000) << round
    return min(wanted, SLOTS_PER_CHUNK * size.chunks)


def size_of(texts: Iterable[str]) -> Size:
    """What the chunks of a unit are worth together."""
    shares = [share for share in map(worth, texts) if share]
    return Size(sum(shares), len(shares))
