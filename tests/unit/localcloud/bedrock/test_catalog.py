from __future__ import annotations

import pytest

from localcloud.bedrock.catalog import Catalog
from localcloud.engines.families import Family
from localcloud.errors import BadOption

REAL = "anthropic.claude-3-haiku-20240307-v1:0"


@pytest.mark.parametrize(
    "identifier",
    [
        REAL,
        f"arn:aws:bedrock:us-west-2::foundation-model/{REAL}",
        f"arn:aws:bedrock:us-west-2:000000000000:inference-profile/{REAL}",
        f"us.{REAL}",
        f"arn:aws:bedrock:us-west-2:000000000000:inference-profile/apac.{REAL}",
    ],
)
def test_a_real_id_stands_for_the_local_model_it_was_mapped_to(identifier: str) -> None:
    found = Catalog({REAL: "local.reader-v1"}).find(identifier)
    assert found is not None
    assert (found.id, found.local.id) == (REAL, "local.reader-v1")


def test_a_profile_with_an_alias_of_its_own_is_not_the_model_that_it_serves() -> None:
    catalog = Catalog({REAL: "local.reader-v1", f"us.{REAL}": "local.teacher-v1"})
    found = {id_: catalog.find(id_) for id_ in (f"us.{REAL}", f"eu.{REAL}", "eu.local.reader-v1", f"zz.{REAL}")}
    assert [model and model.local.id for model in found.values()] == [
        "local.teacher-v1", "local.reader-v1", "local.reader-v1", None,
    ]  # fmt: skip


def test_without_an_alias_no_real_model_exists() -> None:
    assert Catalog({}).find(REAL) is None


def test_an_alias_of_nothing_names_the_models_there_are() -> None:
    with pytest.raises(BadOption, match=r"there is no local\.writer-v9; local models are local\.reader-v1"):
        Catalog({REAL: "local.writer-v9"})


@pytest.mark.parametrize(
    ("real", "local_id", "output", "customizable"),
    [
        ("amazon.nova-lite-v1:0", "openai/llama3.1:8b", "TEXT", False),
        ("amazon.nova-lite-v1:0", "lora/org/model", "TEXT", True),
        ("cohere.embed-multilingual-v3", "openai/bge-m3", "EMBEDDING", False),
        ("cohere.embed-multilingual-v3", "lora/bge-m3", "EMBEDDING", False),
    ],
)
def test_a_model_of_another_engine_is_what_its_real_id_says(
    real: str, local_id: str, output: str, customizable: bool
) -> None:
    families = [Family("openai", "m:C", untrainable="it cannot"), Family("lora", "m:C")]
    found = Catalog({real: local_id}, families).find(real)
    assert found is not None
    assert (found.local.id, found.local.output, found.local.customizable) == (local_id, output, customizable)


@pytest.mark.parametrize(
    ("local_id", "said"),
    [
        ("openai/x", r"give the server that has it by --openai URL"),
        ("lora/", r"there is no lora/; local models are .*, lora/…"),
        ("hf/x", r"there is no hf/x; local models are .*, lora/…"),
    ],
)
def test_an_alias_of_an_engine_that_is_not_there_says_which_are(local_id: str, said: str) -> None:
    with pytest.raises(BadOption, match=said):
        Catalog({REAL: local_id}, [Family("lora", "m:C")])
