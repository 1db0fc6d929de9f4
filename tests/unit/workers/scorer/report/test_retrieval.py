"""Recall in the report: a table by k, arms by slice, in both languages."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from schemas.report import Report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report import render_html, render_markdown


def section(report: Report, language: str) -> str:
    node = LexborHTMLParser(render_html(report, language=language)).css_first("#retrieval")
    assert node is not None
    return " ".join(node.text(separator=" ").split())


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["cannot be blamed on the model", "Share of 60 questions", "4 0.850 0.933", "(49 questions)"]),
        ("ko", ["모델 탓이 아닙니다", "질문 60개", "4 0.850 0.933", "질문(49개)"]),
    ],
)
def test_the_page_tells_recall_by_k_and_arms_with_and_without_their_documents(language: str, told: list[str]) -> None:
    text = section(sample_report(), language)
    assert [words for words in told if words not in text] == []
    assert "baseline 0.420 0.210 0.810 0.000" in text


def test_markdown_tells_the_same() -> None:
    text = render_markdown(sample_report())
    assert "| 4 | 0.850 | 0.933 |" in text
    assert "| ft-160 | 0.420 | 0.210 | 0.810 | 0.000 |" in text
    assert "cannot be blamed on the model" in text


@pytest.mark.parametrize(
    ("by", "told"),
    [("ground_truth", "not the result of a search"), ("knowledge_base", "what a knowledge base found")],
)
def test_documents_of_another_origin_are_said_to_be(by: str, told: str) -> None:
    quality = sample_report().retrieval
    assert quality is not None
    given = sample_report(retrieval=quality.model_copy(update={"by": by}))
    for text in (section(given, "en"), render_markdown(given)):
        assert told in text
    assert told not in section(sample_report(), "en")


def test_a_run_without_answers_has_no_recall() -> None:
    assert "No question was given documents" in section(failed_report(), "en")
    assert "## Retrieval" not in render_markdown(failed_report())
