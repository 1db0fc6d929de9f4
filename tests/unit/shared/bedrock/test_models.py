from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.bedrock.model_names import base_of, is_opaque, model_name, without_region
from shared.bedrock.model_table import FRESH_S, ModelTable
from shared.bedrock.models import Facts, Models, parse, shipped
from shared.errors import BadModels, CloudError
from shared.store import keys
from shared.testing import FakeClock, MemoryObjectStore

HERE = "arn:aws:bedrock:us-east-1:123456789012"


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"),
        ("arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-3-70b-v1:0", "meta.llama3-3-70b-v1:0"),
        (f"{HERE}:inference-profile/eu.amazon.nova-lite-v1:0", "eu.amazon.nova-lite-v1:0"),
        (f"{HERE}:custom-model/amazon.nova-lite-v1:0:300k/abc", "amazon.nova-lite-v1:0:300k"),
        (f"{HERE}:custom-model-deployment/abc", f"{HERE}:custom-model-deployment/abc"),
    ],
)  # fmt: skip
def test_an_arn_is_known_by_the_model_in_it(model: str, name: str) -> None:
    assert model_name(model) == name


@pytest.mark.parametrize("prefix", ["us.", "eu.", "apac.", "global.", "us-gov.", ""])
def test_a_region_is_no_part_of_a_model(prefix: str) -> None:
    assert without_region(f"{prefix}amazon.nova-lite-v1:0") == "amazon.nova-lite-v1:0"


@pytest.mark.parametrize(
    "model",
    [
        "amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0", f"{HERE}:inference-profile/apac.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
    ],
)  # fmt: skip
def test_the_model_behind_a_profile_is_what_can_be_customized(model: str) -> None:
    assert base_of(model) == "amazon.nova-lite-v1:0"


def test_only_bedrock_knows_what_is_behind_a_deployment() -> None:
    assert is_opaque(f"{HERE}:custom-model-deployment/abc") and not is_opaque(f"{HERE}:custom-model/a/b")


def test_the_first_entry_that_says_something_counts_and_nothing_said_stays_unknown() -> None:
    own = parse('models:\n  "us.acme.*": {rpm: 5, usd_output: }\n', name="own")
    base = parse('models:\n  "acme.*": {rpm: 90, tpm: 1000, usd_input: 1, usd_output: 2}\n', name="base")
    models = Models(own, base)
    assert models.of("us.acme.big") == Facts(rpm=5, tpm=1000, usd_input=1, usd_output=None)
    assert models.of("acme.big") == Facts(rpm=90, tpm=1000, usd_input=1, usd_output=2)
    assert models.of("other") == Facts()


def test_the_shipped_table_is_valid_and_free_only_where_it_is_local() -> None:
    models = Models(shipped())
    local = models.of("local.reader-v1")
    assert (local.usd_input, local.usd_output, local.usd_training) == (0, 0, 0)
    for pattern, facts in shipped().models.items():
        if facts.usd_input and not pattern.startswith("local"):
            assert facts.checked is not None, pattern
    assert models.of("global.amazon.nova-2-lite-v1:0").usd_input == 0.30
    assert models.of("us.amazon.nova-2-lite-v1:0").usd_input == 0.33
    assert models.of("acme.unheard-of").usd_input is None


def test_every_mistake_is_told_with_its_line() -> None:
    text = 'models:\n  "a.b*": {usd_imput: 1}\n  "c": 3\n  "d": {rpm: 0}\n  "d": {tpm: 5}\nmodel: {}\n'
    with pytest.raises(BadModels) as raised:
        parse(text, name="my.yaml")
    problems = raised.value.problems
    assert [problem.split(":")[0] for problem in problems] == [f"my.yaml line {n}" for n in (2, 3, 5, 6)]
    assert "usd_imput" in problems[0] and "did you mean 'usd_input'?" in problems[0]


@pytest.mark.parametrize(
    "text", ["", "[]", "models:", "models: 3", "nodels: {}", "a: [", "models:\n  x: {usd_input: .nan}"]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(BadModels):
        parse(text, name="f")


async def test_a_change_is_seen_within_a_minute_and_not_asked_for_before() -> None:
    objects, clock = MemoryObjectStore(), FakeClock()
    table = ModelTable(objects, clock)
    assert (await table.of("amazon.nova-lite-v1:0")).rpm is None
    await objects.put(keys.MODELS, json.dumps({"models": {"amazon.*": {"rpm": 7}}}).encode())
    await clock.advance(FRESH_S - 1)
    assert (await table.of("amazon.nova-lite-v1:0")).rpm is None
    await clock.advance(1)
    facts = await table.of("amazon.nova-lite-v1:0")
    assert (facts.rpm, facts.usd_input) == (7, 0.06)


async def test_a_broken_table_in_the_bucket_waits_for_a_person() -> None:
    objects = MemoryObjectStore()
    await objects.put(keys.MODELS, b"models: 3")
    with pytest.raises(CloudError, match="groundtune models reset"):
        await ModelTable(objects, FakeClock()).of("x")


def test_the_table_is_shipped_beside_its_reader() -> None:
    assert (Path("shared/bedrock/models.yaml")).is_file()
