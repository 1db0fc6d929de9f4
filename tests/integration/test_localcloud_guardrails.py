"""Guardrails of the local Bedrock as clients of AWS see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.process import LocalCloud
from tests.integration.localcloud_support import STUB, client

pytestmark = pytest.mark.cloud

POLICY = "contextualGroundingPolicyConfig"
FILTERS = [{"type": "GROUNDING", "threshold": 0.7}, {"type": "RELEVANCE", "threshold": 0.6, "action": "NONE"}]
SOURCE, QUERY = "London is the capital of the UK. Tokyo is the capital of Japan.", "What is the capital of Japan?"


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(base="moto", engine=STUB) as running:
        yield running


@pytest.fixture(scope="module")
def bedrock(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock")


@pytest.fixture(scope="module")
def runtime(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock-runtime")


def guardrail_request(name: str, **changes: Any) -> dict[str, Any]:
    messages = {"blockedInputMessaging": "no input", "blockedOutputsMessaging": "no output"}
    return {"name": name, POLICY: {"filtersConfig": FILTERS}, **messages, **changes}


def apply(runtime: Any, guardrail: str, answer: str, **changes: Any) -> dict[str, Any]:
    content = [
        {"text": {"text": SOURCE, "qualifiers": ["grounding_source"]}},
        {"text": {"text": QUERY, "qualifiers": ["query"]}},
        {"text": {"text": answer, "qualifiers": ["guard_content"]}},
    ]
    request = {"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT", "source": "OUTPUT", "content": content}
    applied: dict[str, Any] = runtime.apply_guardrail(**{**request, **changes})
    return applied


@pytest.fixture(scope="module")
def guardrail(bedrock: Any) -> str:
    created: str = bedrock.create_guardrail(**guardrail_request("scoring"))["guardrailId"]
    return created


def test_a_guardrail_is_made_once_read_listed_and_deleted(bedrock: Any) -> None:
    tags = [{"key": "k", "value": "v"}]
    request = guardrail_request("life", description="about", clientRequestToken="token-1", tags=tags)
    made = bedrock.create_guardrail(**request)
    assert bedrock.create_guardrail(**request)["guardrailId"] == made["guardrailId"]
    with pytest.raises(bedrock.exceptions.ConflictException, match="already has the name life"):
        bedrock.create_guardrail(**guardrail_request("life"))
    read = bedrock.get_guardrail(guardrailIdentifier=made["guardrailArn"])
    assert (read["name"], read["status"], read["version"], read["description"]) == ("life", "READY", "DRAFT", "about")
    assert read["contextualGroundingPolicy"]["filters"] == FILTERS
    assert bedrock.list_tags_for_resource(resourceARN=made["guardrailArn"])["tags"] == tags
    assert "life" in [each["name"] for each in bedrock.list_guardrails()["guardrails"]]
    [one] = bedrock.list_guardrails(guardrailIdentifier=made["guardrailId"])["guardrails"]
    assert one["arn"] == made["guardrailArn"]
    bedrock.delete_guardrail(guardrailIdentifier=made["guardrailId"])
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException):
        bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wordPolicyConfig": {"managedWordListsConfig": [{"type": "PROFANITY"}]}}, "managedWordListsConfig is not"),
        ({"wordPolicyConfig": {"wordsConfig": [{"text": "x", "inputEnabled": True}]}}, "inputEnabled is not emulated"),
        ({"topicPolicyConfig": {"topicsConfig": [{"name": "t", "definition": "d", "type": "DENY"}]}}, "not emulated"),
        ({POLICY: {"filtersConfig": [FILTERS[0], FILTERS[0]]}}, "2 filters of type GROUNDING"),
        ({POLICY: {"filtersConfig": [{"type": "GROUNDING", "threshold": 1.0}]}}, "to 0.99"),
        ({POLICY: {"filtersConfig": FILTERS, "tierConfig": {"tierName": "STANDARD"}}}, "tierConfig is not emulated"),
    ],
)  # fmt: skip
def test_what_a_guardrail_cannot_have_is_refused_by_name(bedrock: Any, change: dict[str, Any], said: str) -> None:
    with pytest.raises(bedrock.exceptions.ValidationException, match=said):
        bedrock.create_guardrail(**guardrail_request("refused", **change))


def test_a_guardrail_needs_a_policy(bedrock: Any) -> None:
    with pytest.raises(bedrock.exceptions.ValidationException, match="needs a policy"):
        bedrock.create_guardrail(name="empty", blockedInputMessaging="no", blockedOutputsMessaging="no")


def test_a_grounded_answer_passes_with_its_scores(runtime: Any, guardrail: str) -> None:
    applied = apply(runtime, guardrail, "Tokyo is the capital of Japan.")
    assert (applied["action"], applied["outputs"]) == ("NONE", [])
    assert applied["assessments"] == [{"contextualGroundingPolicy": {"filters": [
        {"type": "GROUNDING", "threshold": 0.7, "score": 1.0, "action": "NONE", "detected": False},
        {"type": "RELEVANCE", "threshold": 0.6, "score": 1.0, "action": "NONE", "detected": False},
    ]}}]  # fmt: skip
    assert applied["usage"]["contextualGroundingPolicyUnits"] == 1


def test_an_ungrounded_answer_is_replaced_and_an_irrelevant_one_only_noticed(runtime: Any, guardrail: str) -> None:
    applied = apply(runtime, guardrail, "The capital of Japan is London, with 14 rivers.")
    assert (applied["action"], applied["outputs"]) == ("GUARDRAIL_INTERVENED", [{"text": "no output"}])
    applied = apply(runtime, guardrail, "London is the capital of the UK.")
    [_, relevance] = applied["assessments"][0]["contextualGroundingPolicy"]["filters"]
    assert (applied["action"], relevance["action"], relevance["detected"]) == ("NONE", "NONE", True)


def test_what_cannot_be_compared_is_not_assessed(runtime: Any, guardrail: str) -> None:
    for change in ({"source": "INPUT"}, {"content": [{"text": {"text": "An answer alone."}}]}):
        applied = apply(runtime, guardrail, "Tokyo.", **change)
        assert (applied["action"], applied["assessments"]) == ("NONE", [{}])
        assert applied["usage"]["contextualGroundingPolicyUnits"] == 0


def test_unknown_guardrails_versions_and_long_answers_are_refused(runtime: Any, guardrail: str) -> None:
    for change in ({"guardrailIdentifier": "none"}, {"guardrailVersion": "1"}):
        with pytest.raises(runtime.exceptions.ResourceNotFoundException, match="does not exist"):
            apply(runtime, guardrail, "Tokyo.", **change)
    with pytest.raises(runtime.exceptions.ValidationException, match="at most 5000"):
        apply(runtime, guardrail, "Tokyo. " * 1000)


WORDS = {"wordPolicyConfig": {"wordsConfig": [{"text": "refund"}, {"text": "환불"}]}}


@pytest.fixture(scope="module")
def words(bedrock: Any) -> str:
    messages = {"blockedInputMessaging": "no input", "blockedOutputsMessaging": "no output"}
    created: str = bedrock.create_guardrail(name="words", **WORDS, **messages)["guardrailId"]
    return created


def test_a_word_blocks_what_holds_it(bedrock: Any, runtime: Any, words: str) -> None:
    found = bedrock.get_guardrail(guardrailIdentifier=words)
    assert [word["text"] for word in found["wordPolicy"]["words"]] == ["refund", "환불"]
    applied = apply(runtime, words, "A Refund takes a day.")
    assert (applied["action"], applied["outputs"]) == ("GUARDRAIL_INTERVENED", [{"text": "no output"}])
    assert applied["assessments"][0]["wordPolicy"]["customWords"][0]["match"] == "refund"
    assert applied["usage"]["wordPolicyUnits"] == 1
    blocked = apply(runtime, words, "refund", source="INPUT")
    assert blocked["outputs"] == [{"text": "no input"}]
    assert apply(runtime, words, "It was refunded.")["action"] == "NONE"


def converse(runtime: Any, words: str, text: str, **trace: str) -> dict[str, Any]:
    config = {"guardrailIdentifier": words, "guardrailVersion": "DRAFT", **trace}
    said: dict[str, Any] = runtime.converse(
        modelId="local.reader-v1", messages=[{"role": "user", "content": [{"text": text}]}], guardrailConfig=config,
        system=[{"text": "with a refund" if "answer" in text else "brief"}],
    )  # fmt: skip
    return said


@pytest.mark.parametrize(
    ("text", "said", "reason", "asked"),
    [
        ("환불은 언제 되나요?", "no input", "guardrail_intervened", 0),
        ("an answer", "no output", "guardrail_intervened", 2),
        ("hello there", "local.reader-v1: brief|hello there", "end_turn", 2),
    ],
)
def test_within_converse_the_guardrail_speaks_for_a_question_and_for_an_answer(
    runtime: Any, words: str, text: str, said: str, reason: str, asked: int
) -> None:
    found = converse(runtime, words, text)
    assert (found["output"]["message"]["content"], found["stopReason"]) == ([{"text": said}], reason)
    assert found["usage"]["inputTokens"] == asked and "trace" not in found


def test_a_trace_tells_what_was_looked_at(runtime: Any, words: str) -> None:
    def units(found: dict[str, Any]) -> int:
        used: int = found["invocationMetrics"]["usage"]["wordPolicyUnits"]
        return used

    trace = converse(runtime, words, "an answer", trace="enabled")["trace"]["guardrail"]
    (asked,), ((said,),) = trace["inputAssessment"].values(), trace["outputAssessments"].values()
    assert (units(asked), units(said)) == (1, 1) and "wordPolicy" not in asked
    assert said["wordPolicy"]["customWords"][0]["match"] == "refund"
    blocked = converse(runtime, words, "refund", trace="enabled")["trace"]["guardrail"]
    assert "outputAssessments" not in blocked


def test_grounding_is_checked_within_converse_where_the_request_says_what_it_rests_on(
    runtime: Any, guardrail: str
) -> None:
    def part(text: str, qualifier: str) -> dict[str, Any]:
        return {"guardContent": {"text": {"text": text, "qualifiers": [qualifier]}}}

    content = [part(SOURCE, "grounding_source"), part(QUERY, "query")]
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT", "trace": "enabled"}
    said = runtime.converse(
        modelId="local.reader-v1", messages=[{"role": "user", "content": content}], guardrailConfig=config
    )
    ((found,),) = said["trace"]["guardrail"]["outputAssessments"].values()
    assert {each["type"] for each in found["contextualGroundingPolicy"]["filters"]} == {"GROUNDING", "RELEVANCE"}


def test_a_guardrail_that_is_not_there_is_no_guardrail(runtime: Any) -> None:
    with pytest.raises(runtime.exceptions.ResourceNotFoundException, match="guardrail identifier or version"):
        converse(runtime, "nobody", "hello")
