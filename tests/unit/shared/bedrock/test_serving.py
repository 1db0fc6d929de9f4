from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.base import content_hash
from schemas.experiment import Inference
from shared.bedrock.requests import converse_request, guarded_units, worst_converse
from shared.bedrock.serving import PLAIN, Guard, Serving, serving_of
from shared.bedrock.usage import Usage

ARN = "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123"


def asked(serving: Serving) -> dict[str, Any]:
    return converse_request("m", "s", "u", 100, serving=serving)


def test_what_asks_for_nothing_is_asked_as_before() -> None:
    assert serving_of(Inference()) == PLAIN
    assert set(asked(PLAIN)) == {"modelId", "system", "messages", "inferenceConfig"}


def test_settings_become_what_converse_takes() -> None:
    inference = Inference.model_validate({"guardrail": {"id": ARN, "version": "3"}, "service_tier": "flex"})
    request = asked(serving_of(inference))
    assert request["serviceTier"] == {"type": "flex"}
    assert request["guardrailConfig"] == {
        "guardrailIdentifier": ARN, "guardrailVersion": "3", "trace": "enabled",
    }  # fmt: skip


def test_guardrail_version_and_tier_name_an_answer_and_the_prompt_cache_does_not() -> None:
    ways = [
        PLAIN, Serving(tier="flex"), Serving(tier="priority"), Serving(Guard("a", "1")), Serving(Guard("a", "2")),
        Serving(Guard("b", "1")), Serving(Guard("a", "1"), tier="flex"),
    ]  # fmt: skip
    assert all(content_hash(asked(one)) != content_hash(asked(other)) for one, other in combinations(ways, 2))
    assert asked(Serving(cache_prompt=False)) == asked(PLAIN)


@pytest.mark.parametrize(("version", "repeatable"), [("1", True), ("DRAFT", False)])
def test_a_draft_may_be_changed_tomorrow(version: str, repeatable: bool) -> None:
    assert Serving(Guard("a", version)).repeatable is repeatable and PLAIN.repeatable


@pytest.mark.parametrize(("id", "name"), [("abc123", "guardrail.abc123"), (ARN, "guardrail.abc123")])
def test_a_guardrail_has_one_name_in_the_table_of_models(id: str, name: str) -> None:
    assert Guard(id, "1").name == name


@pytest.mark.parametrize(
    "guardrail", [{"id": "Abc", "version": "1"}, {"id": "abc", "version": "0"}, {"id": "abc", "version": "draft"}]
)
def test_what_bedrock_would_refuse_is_refused_in_run_yaml(guardrail: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Inference.model_validate({"guardrail": guardrail})


def test_a_unit_that_several_policies_look_at_is_one_and_input_and_output_add_up() -> None:
    def looked(**units: int) -> dict[str, Any]:
        return {"invocationMetrics": {"usage": units}}

    trace = {
        "inputAssessment": {"abc": looked(topicPolicyUnits=3, contentPolicyUnits=3, wordPolicyUnits=0)},
        "outputAssessments": {"abc": [looked(contentPolicyUnits=1), looked(contentPolicyUnits=2)]},
    }
    assert guarded_units({"trace": {"guardrail": trace}}) == Usage(text_units=6)
    assert guarded_units({}) == Usage()


def test_the_worst_of_a_guarded_turn_counts_its_longest_answer() -> None:
    assert worst_converse("s" * 500, "u" * 1_500, 1_000, cached=False, guarded=True).text_units == 1 + 2 + 8
    assert worst_converse("s", "u", 1_000, cached=False).text_units == 0
