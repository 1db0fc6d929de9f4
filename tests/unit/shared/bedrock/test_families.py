from __future__ import annotations

import pytest

from shared.bedrock.families import FAMILIES, STUDENTS, Customization, Family, family_of, require_family
from shared.datasets.formats import FORMATS
from shared.errors import BadInput


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("local.reader-v1", "local"),
        ("anthropic.claude-3-haiku-20240307-v1:0:200k", "claude-3-haiku"),
        ("amazon.nova-lite-v1:0:300k", "nova"),
        ("us.amazon.nova-2-lite-v1:0", "nova-2-lite"),
        ("arn:aws:bedrock:us-west-2::foundation-model/meta.llama3-3-70b-instruct-v1:0:128k", "llama-3.3"),
        ("meta.llama3-1-8b-instruct-v1:0:128k", "llama-3.1"),
        ("meta.llama3-2-90b-instruct-v1:0:128k", "llama-3.2-90b"),
        ("meta.llama3-2-3b-instruct-v1:0:128k", "llama-3.2"),
        ("openai.gpt-oss-120b-1:0", None),
    ],
)
def test_a_model_is_known_by_its_id(model: str, family: str | None) -> None:
    found = family_of(model)
    assert (found and found.name) == family
    assert found is None or found.format in FORMATS


@pytest.mark.parametrize("family", [*FAMILIES, *STUDENTS], ids=lambda family: family.name)
def test_every_id_that_a_family_lists_is_its_own(family: Family) -> None:
    assert family.models
    assert {family_of(model, family.customization) for model in family.models} == {family}
    assert 0 < family.min_rows < family.max_rows


@pytest.mark.parametrize(
    ("model", "customization", "words"),
    [
        ("amazon.nova-premier-v1:0", "fine-tuning", "such as 'amazon.nova-2-lite-v1:0:256k', of one of these: Nova 2"),
        ("anthropic.claude-3-hiku-20240307-v1:0", "fine-tuning", "did you mean 'anthropic.claude-3-haiku"),
        ("amazon.nova-2-lite-v1:0", "distillation", "for distillation"),
        ("local.reader-v1", "distillation", "Nova Micro, Lite and Pro as a student; Claude 3 Haiku as a student"),
    ],
)
def test_a_model_that_cannot_be_customized_is_answered_with_those_that_can(
    model: str, customization: Customization, words: str
) -> None:
    with pytest.raises(BadInput) as caught:
        require_family(model, customization)
    assert repr(model) in str(caught.value) and words in str(caught.value)
