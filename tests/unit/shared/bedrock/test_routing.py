from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import ValidationError

from shared.bedrock.models import Facts
from shared.bedrock.routing import answer_route, by_batch, worthwhile
from tests.unit.workers import world

CHEAPER: dict[str, Any] = {"usd_input": 2, "usd_output": 4, "usd_batch_input": 1, "usd_batch_output": 2}
PROMPTS = [{"name": "baseline", "prompt": "plain"}, {"name": "prompt", "prompt": "good"}]
GUARD = {"id": "gr1", "version": "1"}


@pytest.mark.parametrize(
    ("facts", "calls", "worth"),
    [
        (CHEAPER, 100, True),
        (CHEAPER, 99, False),
        ({**CHEAPER, "batch_min_records": 10}, 10, True),
        ({**CHEAPER, "batch_min_records": 1_000}, 999, False),
        ({"usd_input": 2, "usd_output": 4, "usd_batch_input": 1}, 1000, False),
        ({"usd_input": 0, "usd_output": 0, "usd_batch_input": 0, "usd_batch_output": 0}, 1000, False),
        ({}, 1000, False),
    ],
)
def test_a_batch_is_chosen_when_it_is_large_enough_and_known_to_be_cheaper(
    facts: dict[str, Any], calls: int, worth: bool
) -> None:
    assert worthwhile(Facts(**facts), calls) is worth


@pytest.mark.parametrize(
    ("wish", "facts", "calls", "chosen"),
    [
        ("never", CHEAPER, 1_000, False),
        ("always", {}, 1, True),
        ("always", CHEAPER, 0, False),
        ("auto", CHEAPER, 1_000, True),
        ("auto", {}, 1_000, False),
    ],
)
def test_a_wish_comes_before_size_and_price(
    wish: Literal["auto", "always", "never"], facts: dict[str, Any], calls: int, chosen: bool
) -> None:
    assert by_batch(wish, Facts(**facts), calls) is chosen


@pytest.mark.parametrize(
    ("changes", "route"),
    [
        ({"arms": PROMPTS}, "batch"),
        ({}, "online"),  # the third arm is fine-tuned
        ({"arms": PROMPTS, "inference": {"batch": "never"}}, "online"),
        ({"arms": PROMPTS, "inference": {"batch": "always"}}, "batch"),
        ({"arms": PROMPTS, "inference": {"guardrail": GUARD}}, "online"),
        ({"arms": PROMPTS, "inference": {"service_tier": "flex"}}, "online"),
    ],
)
def test_all_arms_go_by_batch_or_none(changes: dict[str, Any], route: str) -> None:
    assert answer_route(world.experiment(**changes), 100, Facts(**CHEAPER)) == route


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "'ft' is fine-tuned, and batch inference takes no deployment"),
        ({"arms": PROMPTS, "inference": {"guardrail": GUARD}}, "passes no guardrail"),
        ({"arms": PROMPTS, "inference": {"service_tier": "flex"}}, "no service tiers"),
    ],
)
def test_a_batch_that_cannot_be_is_refused_before_the_run(changes: dict[str, Any], said: str) -> None:
    inference = {**changes.get("inference", {}), "batch": "always"}
    with pytest.raises(ValidationError, match=said):
        world.experiment(**{**changes, "inference": inference})
