from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import InferenceShardDue, SamplesGenerated
from shared.runtime.tenant import MAX_LENGTH, tenant

ALLOWED = frozenset(string.ascii_letters + string.digits + string.punctuation)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@pytest.mark.parametrize(
    ("data", "group"),
    [
        ({"corpus": "telco", "run": "r1"}, "telco"),
        ({"corpus": "", "run": "r1"}, "r1"),
        ({"run": "r1", "arm": "a"}, "r1"),
        ({"corpus": None, "run": None}, None),
        ({"job": "j"}, None),
        ({"corpus": "한 글"}, "%ED%95%9C%20%EA%B8%80"),
        ({"corpus": "100%"}, "100%25"),
        ({"corpus": "a/b_c:d!"}, "a/b_c:d!"),
    ],
)
def test_a_tenant_is_the_corpus_else_the_run(data: dict[str, Any], group: str | None) -> None:
    assert tenant(data) == group


def test_events_say_it_by_their_fields() -> None:
    assert "corpus" in SamplesGenerated.model_fields and "corpus" not in InferenceShardDue.model_fields
    assert tenant(InferenceShardDue(run="r", arm="a", model="m", shard=0).model_dump(mode="json")) == "r"


@given(names)
def test_a_group_is_always_one_that_sqs_takes(name: str) -> None:
    group = tenant({"corpus": name})
    assert group is not None and 1 <= len(group) <= MAX_LENGTH and set(group) <= ALLOWED


@given(names, names)
def test_different_tenants_have_different_groups(one: str, other: str) -> None:
    assert (tenant({"run": one}) == tenant({"run": other})) == (one == other)


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert tenant({"run": "x" * 500 + "a"}) != tenant({"run": "x" * 500 + "b"})
