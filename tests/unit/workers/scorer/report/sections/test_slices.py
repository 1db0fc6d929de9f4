"""The section on slices."""

from __future__ import annotations

import pytest

from schemas.report import QuestionSlice, Report
from tests.unit.workers.scorer.report.full import full_report
from tests.unit.workers.scorer.report.sample import sample_report
from workers.scorer.report.labels import labels
from workers.scorer.report.sections import slices
from workers.scorer.report.sections.slices import slice_name

T = labels("en")


def changed(**update: object) -> Report:
    """Every value of every slice changed."""
    report = full_report()
    found = [
        cut.model_copy(update={"values": [value.model_copy(update=update) for value in cut.values]})
        for cut in report.slices
    ]
    return report.model_copy(update={"slices": found})


def test_the_differences_that_hold_come_first_and_with_their_p() -> None:
    [holding] = slices(full_report(), T).tables
    assert list(holding.rows[0]) == [
        "language: English, 21 questions", "ft-160", "ROUGE-1", "▲\u00a0+0.200\n[+0.140,\u00a0+0.260]\np\u00a00.006",
    ]  # fmt: skip
    assert {row[1] for row in holding.rows} == {"ft-160"}


def test_each_attribute_has_a_table_with_a_row_a_slice_and_arm() -> None:
    folded = slices(full_report(), T).folded
    assert [table.caption for table in folded][:2] == ["By question type: 4 slices", "By language: 2 slices"]
    assert len(folded[1].rows) == 2 * 5
    assert list(folded[1].rows[4][:3]) == ["English, 21 questions", "ft-160", "0.600\n▲\u00a0+0.200"]


def test_where_nothing_holds_that_is_said_and_nothing_marked() -> None:
    found = slices(changed(significant=False), T)
    assert found.tables == []
    assert found.intro[-1] == T["slices"]["none_clear"]
    assert not any("▲" in (cell or "") for table in found.folded for row in table.rows for cell in row)


def test_fewer_hallucinations_are_marked_as_better() -> None:
    report = changed(metric="hallucinated_answers", significant=True, difference=-0.1)
    [holding] = slices(report, T).tables
    assert holding.rows[0][-1] is not None and holding.rows[0][-1].startswith("▲\u00a0−0.100")


@pytest.mark.parametrize(
    ("by", "name", "shown"),
    [
        ("language", "ko", "한국어"),
        ("answerable", "no", "답변 불가"),
        ("retrieved", "some", "일부 검색됨"),
        ("type", "table", "표 조회"),
        ("topic", "5G", "5G"),
        ("new", "x", "x"),
    ],
)
def test_names_are_in_the_language_of_the_page(by: str, name: str, shown: str) -> None:
    assert slice_name(QuestionSlice(by=by, name=name, n=1, values=[]), labels("ko")) == shown


def test_without_slices_it_says_why() -> None:
    assert slices(sample_report(), T).intro == [T["slices"]["empty"]]
