from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text.sentences import sentences, split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It costs 0.5 MB, e.g. for maps. Next.", ["It costs 0.5 MB, e.g. for maps.", "Next."]),
        ("1. Open it. 2. Close it.", ["1. Open it.", "2. Close it."]),
        ("요금은 1.5배입니다. 다음 달부터 적용됩니다.", ["요금은 1.5배입니다.", "다음 달부터 적용됩니다."]),
        ("Run `a. b`. Then stop.", ["Run `a. b`.", "Then stop."]),
        ("a line\nanother line", ["a line", "another line"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="ab .!?\n가나다1`", max_size=80))
def test_spans_are_ordered_disjoint_and_cover_every_visible_character(text: str) -> None:
    spans = split_sentences(text)
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered
