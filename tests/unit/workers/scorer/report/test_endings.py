"""How answers ended: what was cut off or refused is seen, arm by arm, in both languages."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from schemas.report import Report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report import render_html, render_markdown
from workers.scorer.report.endings import endings


def ended(*counts: dict[str, int]) -> Report:
    """The sample report with an arm for each ``counts``."""
    arms = zip(sample_report().arms, counts, strict=False)
    return sample_report(arms=[arm.model_copy(update={"endings": own}) for arm, own in arms])


def section(report: Report, language: str = "en") -> str:
    node = LexborHTMLParser(render_html(report, language=language)).css_first("#endings")
    assert node is not None
    return " ".join(node.text(separator=" ").split())


def test_only_reasons_that_occur_have_a_column_and_unknown_ones_come_last() -> None:
    found = endings(ended({"zz_new": 1, "error": 2, "end_turn": 1_007}, {"max_tokens": 3}))
    assert found.reasons == ["end_turn", "max_tokens", "error", "zz_new"]
    assert found.rows == [("baseline", ["1,007", "0", "2", "1"]), ("prompt", ["0", "3", "0", "0"])]
    assert not found.all_whole


def test_when_the_model_ended_all_answers_itself_a_sentence_says_so() -> None:
    whole = ended({"end_turn": 60}, {"end_turn": 59, "stop_sequence": 1})
    assert endings(whole).all_whole
    assert "none was cut off or refused" in section(whole)
    assert "none was cut off or refused" in render_markdown(whole)


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Cut off at the longest length Stopped by a guardrail No answer baseline 55 5 0 0"),
     ("ko", "최대 길이에서 잘림 가드레일이 중단 답변 없음 baseline 55 5 0 0")],
)  # fmt: skip
def test_cut_and_refused_answers_are_counted_by_arm(language: str, told: str) -> None:
    assert told in section(sample_report(), language)


def test_markdown_counts_them_too() -> None:
    text = render_markdown(sample_report())
    assert "| Arm | Ended by the model | Cut off at the longest length | Stopped by a guardrail | No answer |" in text
    assert "| baseline | 55 | 5 | 0 | 0 |" in text


def test_a_run_without_answers_says_that_there_were_none() -> None:
    assert "No answer was compared" in section(failed_report())
    assert "How answers ended" not in render_markdown(failed_report())


def test_a_reason_of_untrusted_words_stays_text() -> None:
    evil = "<b>x</b>|y"
    assert not LexborHTMLParser(render_html(ended({evil: 1}))).css("b")
    assert r"\<b\>x\</b\>\|y" in render_markdown(ended({evil: 1}))
