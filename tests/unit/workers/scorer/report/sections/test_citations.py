"""The section on citations."""

from __future__ import annotations

from schemas.report import MacroMicro
from tests.unit.workers.scorer.report.full import full_report
from tests.unit.workers.scorer.report.sample import sample_report
from workers.scorer.report.labels import labels
from workers.scorer.report.sections import citations

T = labels("en")


def test_each_arm_has_its_mean_over_questions_and_in_brackets_over_links() -> None:
    quality, counts, hallucinated = citations(full_report(), T).tables
    assert list(quality.head) == [
        "Arm", "Precision", "Recall", "Recall of given links", "F1", "Citation accuracy",
    ]  # fmt: skip
    assert list(quality.rows[4][:2]) == ["ft-160", "0.700\n(0.650)"]
    assert list(counts.rows[0]) == ["baseline", "70", "20", "17", "9", "12", "4"]
    assert hallucinated.rows[0][-1] == "3.0\u00a0%\n(1.5\u00a0%)"


def test_f1_over_links_follows_from_the_sums() -> None:
    report = full_report()
    cited = report.arms[0].citations
    assert cited is not None
    # 3 right of 4 cited links, 3 of 12 reference links: 2·3 / (4 + 12)
    odd = cited.model_copy(
        update={"precision": MacroMicro(macro=0.8, micro=0.75), "recall": MacroMicro(macro=0.3, micro=0.25)}
    )
    arm = report.arms[0].model_copy(update={"citations": odd, "metrics": {}})
    quality = citations(report.model_copy(update={"arms": [arm]}), T).tables[0]
    assert quality.rows[0][4] == "(0.375)"


def test_nothing_cited_and_nothing_to_cite_are_no_division_by_zero() -> None:
    report = full_report()
    cited = report.arms[0].citations
    assert cited is not None
    for value, shown in ((None, None), (0.0, "(0.000)")):
        share = MacroMicro(macro=None, micro=value)
        none = cited.model_copy(update={"precision": share, "recall": share, "hallucinated": {}})
        arm = report.arms[0].model_copy(update={"citations": none, "metrics": {}})
        tables = citations(report.model_copy(update={"arms": [arm]}), T).tables
        assert tables[0].rows[0][4] == shown
        assert len(tables) == 2


def test_without_scores_there_is_a_sentence() -> None:
    found = citations(sample_report(), T)
    assert found.tables == ()
    assert found.intro == [T["citations"]["empty"]]
