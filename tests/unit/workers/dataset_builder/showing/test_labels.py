"""Both languages say the same things."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from schemas.recipe import QUESTION_TYPES
from schemas.state import RunStatus
from shared.errors import BadInput
from workers.dataset_builder.showing.labels import labels
from workers.dataset_builder.showing.views import Outcome
from workers.synthetic_gen.filters import FILTERS


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    else:
        yield path, value


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_label_is_there_in_both_languages_with_the_same_fields() -> None:
    english, korean = dict(leaves(labels("en"))), dict(leaves(labels("ko")))
    assert set(english) == set(korean)
    for path, text in english.items():
        assert isinstance(text, str) and text, path
        assert fields(text) == fields(korean[path]), path


def test_whatever_a_sample_can_be_has_a_name() -> None:
    found = labels("en")
    assert set(found["types"]) == set(QUESTION_TYPES)
    assert set(found["outcomes"]) == set(get_args(Outcome))
    assert set(found["statuses"]) == set(get_args(RunStatus))
    assert set(FILTERS) <= set(found["codes"])


def test_another_language_is_refused_with_those_that_exist() -> None:
    with pytest.raises(BadInput, match=r"'fr'.*en, ko"):
        labels("fr")
