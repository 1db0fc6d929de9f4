from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from shared.bedrock.base_model import base_model_verdict, judged
from shared.bedrock.errors import translated
from shared.bedrock.ports import ModelCard
from shared.testing.bedrock import FakeBedrock

NOW = datetime(2026, 11, 27, tzinfo=UTC).timestamp()
DAY = 86_400
HAIKU, NOVA = "anthropic.claude-3-haiku-20240307-v1:0:200k", "amazon.nova-lite-v1:0:300k"
LLAMA = "meta.llama3-1-8b-instruct-v1:0:128k"


def card(
    status: str = "ACTIVE", days: float | None = None, offers: tuple[str, ...] | None = ("FINE_TUNING",)
) -> ModelCard:
    return ModelCard("AWS", "The Model", status, None if days is None else NOW + days * DAY, offers, ("PROVISIONED",))


@pytest.mark.parametrize(
    ("model", "said", "words"),
    [
        (HAIKU, card("LEGACY", -78), ("end of life on 2026-09-10", "'amazon.nova-2-lite-v1:0:256k'")),
        (NOVA, card("ACTIVE", 0), ("end of life on 2026-11-27", "'amazon.nova-micro-v1:0:128k'")),
        (NOVA, card(offers=()), ("not offered for fine-tuning", "offers no customization", "amazon.nova-micro")),
        (NOVA, card(offers=("DISTILLATION",)), ("Bedrock offers DISTILLATION",)),
        (LLAMA, card("LEGACY", 400), ("no new provisioned throughput", "'meta.llama3-1-70b-instruct-v1:0:128k'")),
        ("amazon.nova-lite-v1:0", card(offers=()), ("under this id", "'amazon.nova-lite-v1:0:300k'")),
    ],
)  # fmt: skip
def test_a_base_model_that_would_fail_is_refused_with_what_to_write_instead(
    model: str, said: ModelCard, words: tuple[str, ...]
) -> None:
    verdict = judged(model, said, NOW)
    refusal = verdict.refusal or ""
    assert [word for word in words if word not in refusal] == [], refusal
    assert "change models.student" in refusal and verdict.warning is None


@pytest.mark.parametrize(
    ("model", "said", "warning"),
    [
        (NOVA, card(), None),
        (NOVA, card(days=91), None),
        (NOVA, card(days=89), "reaches its end of life on 2027-02-24"),
        (NOVA, card("LEGACY", 400), "is a Legacy model; its end of life is 2028-01-01"),
        (NOVA, card("LEGACY"), "is a Legacy model"),
        (NOVA, card(offers=None), None),
    ],
)
def test_a_base_model_that_will_do_is_at_most_warned_of(model: str, said: ModelCard, warning: str | None) -> None:
    verdict = judged(model, said, NOW)
    assert verdict.refusal is None
    assert (verdict.warning or "").endswith(warning or "") and (verdict.warning is None) == (warning is None)


async def test_a_model_that_bedrock_does_not_know_is_refused_in_its_own_words() -> None:
    bedrock = FakeBedrock()
    bedrock.unknown[NOVA] = "ValidationException: The provided model identifier is invalid."
    verdict = await base_model_verdict(bedrock, NOVA, NOW)
    assert "ValidationException: The provided model identifier is invalid." in (verdict.refusal or "")
    assert (await base_model_verdict(bedrock, LLAMA, NOW)).refusal is None


async def test_a_caller_that_may_not_look_a_model_up_is_warned_and_goes_on() -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetFoundationModel")

    class Closed:
        async def base_card(self, model: str) -> ModelCard:
            raise translated(denied, "GetFoundationModel") from denied

    verdict = await base_model_verdict(Closed(), NOVA, NOW)
    assert verdict.refusal is None and "allow bedrock:GetFoundationModel" in (verdict.warning or "")
