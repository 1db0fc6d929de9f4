"""The section on the judge."""

from __future__ import annotations

from tests.unit.workers.scorer.report.full import full_report, judge_report
from tests.unit.workers.scorer.report.sample import sample_report
from workers.scorer.report.labels import labels
from workers.scorer.report.sections import judge

T = labels("en")


def test_win_rates_stand_over_their_intervals_and_beside_the_rate_at_equal_length() -> None:
    found = judge(full_report(), T)
    assert list(found.tables[0].rows[0]) == [
        "prompt against baseline", "73.0\u00a0%\n[62.0\u00a0%,\u00a084.0\u00a0%]", "55.0\u00a0%", "40", "5", "13", "0",
    ]  # fmt: skip
    assert found.alarms == []


def test_strengths_are_drawn_filled_where_the_interval_leaves_out_the_baseline() -> None:
    [plot] = judge(full_report(), T).charts
    assert [(row.arm, row.clear) for row in plot.rows] == [
        ("prompt", False), ("ft-40", False), ("ft-40+120syn", True), ("ft-160", True),
    ]  # fmt: skip
    assert plot.rows[0].left is not None and plot.rows[0].right is not None
    assert plot.rows[0].left < plot.zero < plot.rows[0].right


def test_a_judge_that_fails_a_check_is_called_invalid_first_of_all() -> None:
    found = judge(full_report().model_copy(update={"judge": judge_report(valid=False)}), T)
    assert found.alarms == [T["judge"]["invalid"]]
    assert ("Outcome", "failed a check") in found.facts
    canaries = next(table for table in found.tables if table.caption == T["judge"]["canaries"])
    assert list(canaries.rows[1][2:]) == ["11 of 20", "failed"]


def test_groundedness_is_a_column_where_it_was_asked() -> None:
    ratings = judge(full_report(), T).tables[-1]
    assert list(ratings.rows[0]) == ["baseline", "2.00", "3.00", "4.00", "3.50", "61.0\u00a0%"]
    assert ratings.rows[1][-1] is None
    plain = judge_report().model_copy(update={"groundedness": {}})
    ratings = judge(full_report().model_copy(update={"judge": plain}), T).tables[-1]
    assert list(ratings.head) == ["Arm", "Correctness", "Citations", "Conciseness", "Tone"]


def test_without_a_judge_it_says_how_to_ask_one() -> None:
    assert "models.judge" in judge(sample_report(), T).intro[0]
