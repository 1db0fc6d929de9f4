"""What stands below the main table."""

from __future__ import annotations

from tests.unit.workers.scorer.report.full import full_report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report.labels import labels
from workers.scorer.report.sections import beside, detectable, in_groups

T = labels("en")


def test_values_stand_over_interval_smallest_difference_and_n() -> None:
    main, further, _ = beside(full_report(), T)
    assert main.rows[0][1] == "0.412\n[0.372,\u00a00.452]\nn 58"
    assert main.rows[4][4] == "0.424\n[0.384,\u00a00.464]\n±0.034\nn 58"
    assert list(further.head) == ["Arm", "chrF", "Length ratio", "Citation F1"]


def test_arms_are_compared_once_the_later_against_the_earlier() -> None:
    *_, contrasts = beside(full_report(), T)
    assert [row[0] for row in contrasts.rows] == [
        "ft-40 against prompt", "ft-40+120syn against prompt", "ft-40+120syn against ft-40", "ft-160 against prompt",
        "ft-160 against ft-40", "ft-160 against ft-40+120syn",
    ]  # fmt: skip
    assert contrasts.rows[0][1] == "+3.1\u00a0%\n[−8.0,\u00a0+15.0]\np\u00a00.400"


def test_the_smallest_difference_is_that_of_the_arm_where_it_is_largest() -> None:
    report = full_report()
    metrics = report.arms[2].metrics
    wider = metrics | {"rougeL": metrics["rougeL"].model_copy(update={"detectable": 0.051})}
    arms = [*report.arms[:2], report.arms[2].model_copy(update={"metrics": wider}), *report.arms[3:]]
    told = detectable(report.model_copy(update={"arms": arms}), T)
    assert "ROUGE-L 0.051" in told
    assert "ROUGE-1 0.034" in told


def test_where_nothing_was_tested_nothing_is_claimed() -> None:
    for report in (sample_report(), failed_report()):
        assert beside(report, T) == []
        assert detectable(report, T) == ""


def test_many_metrics_are_laid_out_in_several_tables() -> None:
    assert [len(group) for group in in_groups([str(n) for n in range(16)])] == [7, 7, 2]
    assert in_groups([]) == []
