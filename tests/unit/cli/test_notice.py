from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli.notice import check_base_model
from shared.bedrock.ports import ModelCard
from shared.errors import BadRunFile
from shared.testing.bedrock import FakeBedrock
from tests.unit.workers import world

NOW = 1_800_000_000.0
STUDENT = "amazon.nova-lite-v1:0:300k"
MODELS = {"student": STUDENT, "teacher": "amazon.nova-pro-v1:0"}
BASELINE = [{"name": "baseline", "prompt": "plain"}]


async def told(card: ModelCard, **changes: object) -> str:
    bedrock, said = FakeBedrock(), io.StringIO()
    bedrock.cards[STUDENT] = card
    experiment = world.experiment(models=MODELS, **changes)
    await check_base_model(bedrock, experiment, Console(file=said, width=300), NOW)
    return said.getvalue()


async def test_a_base_model_that_has_ended_is_refused_before_anything_is_submitted() -> None:
    with pytest.raises(BadRunFile, match=r"end of life on 1970-01-01.*change models\.student to one that is"):
        await told(ModelCard("AWS", "Nova", ends_at=1.0))


async def test_a_legacy_model_is_warned_of_and_a_good_one_not_spoken_of() -> None:
    offers = ("FINE_TUNING",)
    assert "is a Legacy model." in await told(ModelCard("AWS", "Nova", "LEGACY", customizations=offers))
    assert await told(ModelCard("AWS", "Nova", customizations=offers)) == ""


async def test_a_model_that_no_arm_trains_is_not_looked_up() -> None:
    assert await told(ModelCard("AWS", "Nova", ends_at=1.0), arms=BASELINE) == ""
