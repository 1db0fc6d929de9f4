"""How many questions are asked about how much text: dataset-builder reckons with it, synthetic-gen plans by it."""

from __future__ import annotations

import math

from schemas.recipe import Recipe, Unit
from shared.text.tokens import estimate_tokens

SLOTS_PER_CALL = 8
"""Questions asked for at once: the reply must fit in what a model writes."""
SLOTS_PER_CONNECTION = 2
"""Questions asked for, in each round, about chunks of several documents."""
LEAST_TOKENS = 12
"""A chunk with less text (a heading, a copyright line) is asked about by nobody."""


def worth(text: str) -> int:
    """Estimated tokens by which a chunk takes its share of questions; 0 for next to no text."""
    tokens = estimate_tokens(text)
    return tokens if tokens >= LEAST_TOKENS else 0


def quota(unit: Unit, tokens: int, recipe: Recipe, round: int) -> int:
    """Questions asked of a unit of so many tokens. Each round asks for twice as many as the one before, so that few
    rounds empty a rich document."""
    if len(unit.documents) > 1:
        return SLOTS_PER_CONNECTION
    return math.ceil(recipe.per_1000_tokens * tokens / 1000) << round
