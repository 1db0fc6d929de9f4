from __future__ import annotations

import pytest

from shared.bedrock.families import family_of
from workers.dataset_builder.formats import FORMATS


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("local.reader-v1", "local"),
        ("anthropic.claude-3-haiku-20240307-v1:0:200k", "claude-3-haiku"),
        ("amazon.nova-lite-v1:0:300k", "nova"),
        ("us.amazon.nova-2-lite-v1:0", "nova-2-lite"),
        ("arn:aws:bedrock:us-west-2::foundation-model/meta.llama3-3-70b-instruct-v1:0:128k", "llama-3"),
        ("meta.llama3-1-8b-instruct-v1:0:128k", "llama-3.1"),
        ("openai.gpt-oss-120b-1:0", None),
    ],
)
def test_a_model_is_known_by_its_id(model: str, family: str | None) -> None:
    found = family_of(model)
    assert (found and found.name) == family
    assert found is None or found.format in FORMATS
