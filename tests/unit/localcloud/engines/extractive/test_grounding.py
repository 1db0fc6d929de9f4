from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.engines.extractive.grounding import codes, grounding, relevance

CAPITALS = "London is the capital of the UK. Tokyo is the capital of Japan."
LIMITS = "The gadget has a limit of 1,000 calls a day. Error E-104 means that the SMS gateway v2.1 is closed."
KOREAN = "가입자 한도는 하루 5건입니다. 초과 시 오류 E-104가 표시됩니다."


@pytest.mark.parametrize(
    ("answer", "source", "low", "high"),
    [
        ("The capital of Japan is Tokyo.", CAPITALS, 1.0, 1.0),
        ("The capital of Japan is London.", CAPITALS, 0.5, 0.7),
        ("Paris hosts bananas.", CAPITALS, 0.0, 0.0),
        ("Tokyo is the capital of Japan. Bananas are yellow.", CAPITALS, 0.0, 0.0),
        ("The limit of the gadget is 1000 calls a day.", LIMITS, 1.0, 1.0),
        ("The limit of the gadget is 100 calls a day.", LIMITS, 0.0, 0.0),
        ("The limit of the gadget is 1,000 calls a day ([guide](https://d.example/7)).", LIMITS, 0.7, 1.0),
        ("Error E-105 means that the gateway is closed.", LIMITS, 0.0, 0.0),
        ("The MMS gateway is closed.", LIMITS, 0.0, 0.0),
        ("The IDs of SMS를 있다.", "The IDs of SMS를 있다.", 1.0, 1.0),
        ("하루 한도는 5건입니다.", KOREAN, 1.0, 1.0),
        ("하루 한도는 7건입니다.", KOREAN, 0.0, 0.0),
        ("", CAPITALS, 1.0, 1.0),
        ("Tokyo is the capital.", "", 0.0, 0.0),
    ],
)
def test_an_answer_is_as_grounded_as_its_least_grounded_sentence(
    answer: str, source: str, low: float, high: float
) -> None:
    assert low <= grounding(answer, source) <= high


@pytest.mark.parametrize(
    ("code", "text"), [("5", "3.5 V"), ("5", "15"), ("5", "v5"), ("3", "3.5"), ("10:3", "10:30"), ("e-10", "E-104")]
)
def test_a_part_of_a_longer_number_is_not_that_number(code: str, text: str) -> None:
    assert grounding(f"{code}.", text) == 0.0


def test_codes_are_numbers_names_with_digits_and_capitals() -> None:
    assert codes("At 10:30 the SMS-GW v2.1 sent 1000 of 12 messages, error E-104; the Gateway is fine.") == {
        "10:30", "sms-gw", "v2.1", "1000", "12", "e-104",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "query", "score"),
    [
        ("Tokyo is the capital of Japan.", "What is the capital of Japan?", 1.0),
        ("London is the capital of the UK.", "What is the capital of Japan?", 0.5),
        ("Bananas.", "What is the capital of Japan?", 0.0),
        ("Anything.", "What is it?", 1.0),
    ],
)
def test_relevance_is_the_share_of_the_querys_words(answer: str, query: str, score: float) -> None:
    assert relevance(answer, query) == score


@given(st.text(), st.text())
def test_scores_are_shares(answer: str, other: str) -> None:
    assert 0.0 <= grounding(answer, other) <= 1.0
    assert 0.0 <= relevance(answer, other) <= 1.0
