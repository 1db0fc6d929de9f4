"""The small parts of the report: differences, the funnel, facts, labels, wording."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.report import MetricValue
from shared.pages.wording import safe_link
from tests.unit.workers.scorer.report.sample import sample_report
from workers.scorer.report import render_html, render_markdown
from workers.scorer.report.differences import differences
from workers.scorer.report.facts import facts
from workers.scorer.report.funnel import funnel
from workers.scorer.report.labels import LANGUAGES, labels
from workers.scorer.report.rows import cell, table
from workers.scorer.report.wording import shortened


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_always_join_to_the_text(before: str, after: str) -> None:
    left, right = differences(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after


def test_only_the_words_that_differ_are_marked() -> None:
    left, right = differences("Pay within 60 days of the bill.", "Pay within 30 days of the bill.")
    assert [piece.text for piece in left if piece.marked] == ["60"]
    assert [piece.text for piece in right if piece.marked] == ["30"]


def test_answers_with_nothing_in_common_are_not_marked_at_all() -> None:
    left, right = differences("one two three four", "alpha beta gamma delta")
    assert not [piece for piece in [*left, *right] if piece.marked]


def test_very_long_answers_are_not_compared() -> None:
    left, _ = differences("a b " * 1_000, "a c " * 1_000)
    assert [piece.marked for piece in left] == [False]


def test_the_funnel_accounts_for_every_ground_truth_pair() -> None:
    data = sample_report().data
    assert data is not None
    stages = {stage.key: stage for stage in funnel(data)}
    assert stages["ground_truth"].kept + stages["ground_truth"].dropped_total == data.ground_truth
    assert stages["ground_truth"].dropped["unusable"] == 2
    assert stages["used"].kept == 201


def test_facts_name_the_path_and_the_unit() -> None:
    found = facts({"duration_s": 95.312, "arms": {"ft_1": {"job": "x", "none": None, "input_tokens": 12345}}})
    assert facts({"latency_p95_ms": 8.25}) == [("latency p95", "8.2\u00a0ms")]
    assert found == [("duration", "95.3\u00a0s"), ("arms · ft_1 · job", "x"), ("arms · ft_1 · input tokens", "12,345")]


def _paths(value: Any) -> set[str]:
    if not isinstance(value, dict):
        return {""}
    return {f"{name}.{path}" for name, item in value.items() for path in _paths(item)}


def test_all_languages_have_the_same_labels() -> None:
    assert {frozenset(_paths(labels(language))) for language in LANGUAGES} == {frozenset(_paths(labels("en")))}


def test_no_label_hides_behind_a_method_of_dict() -> None:
    names = {name for path in _paths(labels("en")) for name in path.split(".") if name}
    assert not names & set(dir(dict))


def test_an_interval_that_touches_zero_decides_nothing() -> None:
    assert MetricValue(value=1, relative=0.1, low=0.0, high=0.2, n=9).direction == "unclear"
    assert MetricValue(value=1, relative=0.1, low=0.001, high=0.2, n=9).direction == "up"
    assert MetricValue(value=1, relative=-0.1, low=-0.2, high=-0.001, n=9).direction == "down"
    assert MetricValue(value=1, relative=0.1, n=9).direction is None


def test_the_best_value_is_marked_once_and_not_where_all_are_equal() -> None:
    rows = table(sample_report())
    assert [row.arm.name for row in rows if row.cells[3].best] == ["ft-160"]
    alike = [
        arm.model_copy(update={"metrics": {"rougeL": MetricValue(value=0.5, n=3)}}) for arm in sample_report().arms
    ]
    assert not any(row.cells[0].best for row in table(sample_report(arms=alike, metrics=["rougeL"])))


def test_an_arm_without_a_metric_has_an_empty_cell() -> None:
    assert cell(None).value is None


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://x.example/a", True),
        ("http://x.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//x.example/a", False),
        ("https://[bad", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url: str, safe: bool) -> None:
    assert (safe_link(url) == url) is safe


@pytest.mark.parametrize(
    ("text", "units", "short"), [("ft-160", 24, "ft-160"), ("abcdefgh", 5, "abcd…"), ("가나다라", 5, "가나…")]
)
def test_long_names_are_cut_by_their_width(text: str, units: int, short: str) -> None:
    assert shortened(text, units) == short


def test_metrics_beside_the_main_table_have_one_of_their_own() -> None:
    plain = sample_report()
    arms = [arm.model_copy(update={"metrics": {**arm.metrics, "chrf": arm.metrics["rouge1"]}}) for arm in plain.arms]
    report = sample_report(arms=arms, further=["chrf"])
    assert "Further metrics" in render_markdown(report) and ">chrF</th>" in render_html(report)
    assert "Further metrics" not in render_markdown(plain) + render_html(plain)
    assert [len(row.cells) for row in table(report, report.further)] == [1] * len(arms)


def test_less_of_what_is_wrong_is_better_and_marked_so() -> None:
    worse = MetricValue(value=0.4, relative=0.5, low=0.2, high=0.9, n=3)
    assert [cell(worse, better=way).direction for way in ("higher", "lower", "neither")] == ["up", "down", None]
    arms = [
        arm.model_copy(update={"metrics": {"hallucinated_answers": MetricValue(value=value, n=3)}})
        for arm, value in zip(sample_report().arms[:2], (0.4, 0.1), strict=True)
    ]
    rows = table(sample_report(arms=arms), ["hallucinated_answers"])
    assert [row.cells[0].best for row in rows] == [False, True]
