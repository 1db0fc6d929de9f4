"""Cheap metrics of what an answer is like, case by case."""

from __future__ import annotations

import pytest

from tests.unit.workers.scorer.measures.batches import value
from workers.scorer.measures.form import METRICS, Form
from workers.scorer.text_form import RAW

REFUSAL, KOREAN_REFUSAL = (
    "The documents do not answer this question.",
    "제공된 문서에는 이 질문에 대한 내용이 없습니다.",
)
SOURCES = "\n\nSources: <https://x.example/a>"


@pytest.mark.parametrize(
    ("metric", "reference", "answer", "expected"),
    [
        ("exact_match", "Reset the router.", "reset  the\nROUTER." + SOURCES, 1.0),
        ("exact_match", "Straße", "STRASSE", 1.0),
        ("exact_match", "Reset the router.", "Reset the router", 0.0),
        ("exact_match", "Reset", "", 0.0),
        ("length_ratio", "ten letters", "five5", 0.5),
        ("length_ratio", "가나", "가 나 다 라" + SOURCES, 2.0),
        ("length_ratio", "a", "", 0.0),
        ("length_ratio", "", "a", None),
        ("language_match", "요금제 변경", "5G 요금제로 변경", 1.0),
        ("language_match", "요금제 변경", "Change the plan", 0.0),
        ("language_match", "Change the plan", "요금제 변경", 0.0),
        ("language_match", "Change the plan", "42", 0.0),
        ("language_match", "42", "Change the plan", None),
        ("refusal_correctness", REFUSAL, "I cannot find that.", 1.0),
        ("refusal_correctness", REFUSAL, KOREAN_REFUSAL, 1.0),
        ("refusal_correctness", REFUSAL, "Reset the router.", 0.0),
        ("refusal_correctness", "Reset the router.", KOREAN_REFUSAL, 0.0),
        ("refusal_correctness", "Reset the router.", "Reset it." + SOURCES, 1.0),
        ("refusal_correctness", "Reset the router.", "", 0.0),
        ("refusal_correctness", REFUSAL, "", 0.0),
    ],
)
def test_metrics(metric: str, reference: str, answer: str, expected: float | None) -> None:
    assert value(Form([metric]), reference, answer) == expected


def test_raw_texts_keep_their_links_and_say_so() -> None:
    assert value(Form(["exact_match"], RAW), "Reset.", "Reset." + SOURCES) == 0.0
    assert Form(["exact_match"], RAW).signature("exact_match") == "exact-match|case=fold|space=one|raw|url=keep"


def test_metrics_that_are_not_asked_are_not_computed() -> None:
    assert Form(["length_ratio"]).metrics == ("length_ratio",)
    assert len({Form().signature(metric) for metric in METRICS}) == len(METRICS)
