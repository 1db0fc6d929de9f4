from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text.identifiers import conflict, differ, identifiers
from tests.brute_force import names

DIFFERENT = [
    ("What does error E-101 mean?", "What does error E-102 mean?"),
    ("오류 E-101은 무슨 뜻인가요?", "오류 E-102는 무슨 뜻인가요?"),
    ("재발급은 3회까지 무료인가요?", "재발급은 5회까지 무료인가요?"),
    ("What happens after 30 minutes?", "What happens after 60 minutes?"),
    ("Which bands does release 1.15 support?", "Which bands does release 1.16 support?"),
    ("Is 1.5 GB enough for a day?", "Is 15 GB enough for a day?"),
    ("What does `graceful` do to a cell?", "What does `force` do to a cell?"),
    ("When is TO_LIMIT_EXCEEDED returned?", "When is TO_RATE_EXCEEDED returned?"),
]
SAME = [
    ("What does error E-101 mean?", "what does the error e101 mean"),
    ("오류 E-101은 무슨 뜻인가요?", "오류 `E-101` 무슨 뜻입니까?"),
    ("Can I send 10,000 messages?", "May I send 10000 messages?"),
    ("５회까지 됩니까?", "5회까지 되나요?"),
    ("How long is a code valid?", "How long is the code valid?"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_identifiers_make_another_question(one: str, other: str) -> None:
    assert conflict(identifiers(one), identifiers(other))
    assert differ(identifiers(one), identifiers(other))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_an_identifier_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert not differ(identifiers(one), identifiers(other))


def test_a_question_with_one_identifier_left_out_is_another_one_but_gives_the_other_away() -> None:
    whole, less = identifiers("What happens after 1,200 GB on Office 5G?"), identifiers("What happens on Office 5G?")
    assert differ(whole, less)
    assert not conflict(whole, less)


def test_plain_words_name_nothing() -> None:
    assert identifiers("How do I change the plan - today?") == frozenset()


@given(st.lists(st.text("aB19-_.`, \n회", max_size=12), min_size=2, max_size=2))
def test_both_relations_are_symmetric_and_agree_with_a_second_reading(texts: list[str]) -> None:
    one, other = map(identifiers, texts)
    assert conflict(one, other) == conflict(other, one)
    assert differ(one, other) == differ(other, one) == (names(texts[0]) != names(texts[1]))
    assert differ(one, other) or not conflict(one, other)
