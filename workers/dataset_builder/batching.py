"""Whether a wave's teacher calls go through batch inference: slower, and on most models half the price."""

from __future__ import annotations

from typing import Literal

from schemas.recipe import Recipe
from shared.bedrock.model_table import ModelTable
from shared.bedrock.models import Facts

MIN_RECORDS = 100
"""What Bedrock asks of a job where models.yaml says nothing else (a quota of each model)."""


async def by_batch(models: ModelTable, wish: Literal["auto", "always", "never"], recipe: Recipe, calls: int) -> bool:
    """Whether so many calls of the recipe's teacher are to be one batch job."""
    if wish == "never" or calls == 0:
        return False
    return wish == "always" or worthwhile(await models.of(recipe.teacher), calls)


def worthwhile(facts: Facts, calls: int) -> bool:
    """Large enough for a job, and known to be cheaper."""
    if calls < (facts.batch_min_records or MIN_RECORDS):
        return False
    return _cheaper(facts.usd_batch_input, facts.usd_input) and _cheaper(facts.usd_batch_output, facts.usd_output)


def _cheaper(batch: float | None, online: float | None) -> bool:
    return batch is not None and online is not None and batch < online
