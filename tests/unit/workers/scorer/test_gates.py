"""Rules: how they are written, and what becomes of them by the interval."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.experiment import Split
from schemas.report import ArmReport, Contrast, MetricValue, Report
from shared.errors import BadInput
from workers.scorer.gates import Rule, Side, Verdict, judge, overall, parse_rule


def arm(name: str, **metrics: MetricValue) -> ArmReport:
    return ArmReport(name=name, prompt="p", model="m", status="scored", metrics=metrics)


def value(value: float, least: float | None = None, most: float | None = None, **more: Any) -> MetricValue:
    return MetricValue(value=value, value_low=least, value_high=most, n=60, **more)


BASE = arm("baseline", rougeL=value(0.40, 0.37, 0.43), hallucinated_answers=value(0.1, 0.05, 0.2))
TUNED = arm(
    "tuned",
    rougeL=value(
        0.50, 0.47, 0.53,
        relative=0.25, low=0.15, high=0.35, difference=0.1, difference_low=0.06, difference_high=0.14,
    ),
    hallucinated_answers=value(0.0, 0.0, 0.015),
)  # fmt: skip
OTHER = arm("other", rougeL=value(0.41), hallucinated_answers=value(0.0))
CONTRAST = Contrast(arm="tuned", against="other", metric="rougeL", relative=0.2, low=0.1, high=0.3)


def report(*arms: ArmReport, **fields: Any) -> Report:
    told = {"name": "trial", "status": "completed", "valid": True, "baseline": "baseline", **fields}
    return Report(arms=list(arms), metrics=["rougeL"], models={}, prompts=[], split=Split(), seed=7, **told)


def verdict(
    rule: str, side: Side = "min", found: Report | None = None, arm: str | None = None, against: str | None = None
) -> Verdict:
    (one,) = judge(found or report(BASE, TUNED), [(rule, parse_rule(rule, side))], arm, against)
    return one


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("rougeL=+0%", Rule("rougeL", "min", "relative", 0.0)),
        ("rougeL=-2.5 %", Rule("rougeL", "min", "relative", -0.025)),
        ("rougeL=0.35", Rule("rougeL", "min", "value", 0.35)),
        ("rougeL=.35", Rule("rougeL", "min", "value", 0.35)),
        ("rougeL=+0.02", Rule("rougeL", "min", "difference", 0.02)),
        (" hallucinated=2%", Rule("hallucinated_answers", "min", "value", 0.02)),
    ],
)
def test_a_sign_makes_a_change_and_a_percent_sign_a_relative_one(text: str, rule: Rule) -> None:
    assert parse_rule(text, "min") == rule


@pytest.mark.parametrize("text", ["", "rougeL", "rougeL=", "rougeL=much", "rougeL>0.3", "=0.3", "rougeL=1e-3", "a=1.%"])
def test_what_is_no_rule_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"is no rule; write METRIC=0\.35"):
        parse_rule(text, "max")


@pytest.mark.parametrize(
    ("rule", "side", "outcome"),
    [
        ("rougeL=0.47", "min", "pass"),
        ("rougeL=0.50", "min", "inconclusive"),
        ("rougeL=0.54", "min", "fail"),
        ("rougeL=0.53", "max", "pass"),
        ("rougeL=0.50", "max", "inconclusive"),
        ("rougeL=0.46", "max", "fail"),
        ("rougeL=+0%", "min", "pass"),
        ("rougeL=+15%", "min", "pass"),
        ("rougeL=+20%", "min", "inconclusive"),
        ("rougeL=+36%", "min", "fail"),
        ("rougeL=+0.05", "min", "pass"),
        ("rougeL=+0.1", "min", "inconclusive"),
        ("rougeL=-0.01", "max", "fail"),
        ("hallucinated=2%", "max", "pass"),
        ("hallucinated=1%", "max", "inconclusive"),
    ],
)
def test_the_whole_interval_must_keep_a_rule(rule: str, side: Side, outcome: str) -> None:
    assert verdict(rule, side).outcome == outcome


def test_a_verdict_tells_the_numbers() -> None:
    told = verdict("rougeL=+20%").message.replace("\u00a0", " ")
    assert told == "rougeL of tuned against baseline: +25.0 % [+15.0 %, +35.0 %]; at least +20.0 % asked"
    assert verdict("rougeL=0.5").message == "rougeL of tuned: 0.500 [0.470, 0.530]; at least 0.500 asked"


def test_a_value_without_interval_is_inconclusive() -> None:
    found = verdict("rougeL=0.1", found=report(BASE, OTHER))
    assert (found.outcome, "without interval" in found.message) == ("inconclusive", True)
    assert "n/a" in verdict("rougeL=+0%", found=report(BASE, OTHER)).message


def test_arms_are_compared_with_any_other_arm() -> None:
    found = report(BASE, OTHER, TUNED, contrasts=[CONTRAST], winner="tuned")
    assert verdict("rougeL=+10%", found=found, against="other").outcome == "pass"
    assert verdict("rougeL=+31%", found=found, against="other").outcome == "fail"
    assert verdict("rougeL=+10%", found=found, arm="other", against="tuned").outcome == "inconclusive"


def test_the_winner_or_the_only_other_arm_is_checked() -> None:
    assert "of tuned" in verdict("rougeL=0.1", found=report(BASE, OTHER, TUNED, winner="tuned")).message
    with pytest.raises(BadInput, match="no arm won; name the one to check with --arm: other, tuned"):
        verdict("rougeL=0.1", found=report(BASE, OTHER, TUNED))


@pytest.mark.parametrize(
    ("rule", "arm", "against", "told"),
    [
        ("rougel=0.1", None, None, "no metric 'rougel'"),
        ("rougeL=0.1", "tunned", None, "no arm 'tunned' .*tuned"),
        ("rougeL=0.1", None, "base", "no arm 'base'"),
    ],
)
def test_unknown_names_are_refused(rule: str, arm: str | None, against: str | None, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        verdict(rule, arm=arm, against=against)


def test_scores_that_are_not_valid_fail_whatever_they_are() -> None:
    found = judge(
        report(BASE, TUNED, valid=False, notes=["The tokenizer drops Hangul."]),
        [("a", parse_rule("rougeL=0.1", "min"))], None, None,
    )  # fmt: skip
    assert [(one.name, one.outcome) for one in found] == [("valid", "fail"), ("a", "pass")]
    assert overall(found) == "fail"


def test_an_arm_that_was_not_scored_fails() -> None:
    failed = ArmReport(
        name="tuned", prompt="p", model="m", status="failed", reason="job stopped", metrics=TUNED.metrics
    )
    found = verdict("rougeL=0.1", found=report(BASE, failed))
    assert (found.outcome, found.message) == ("fail", "arm 'tuned' was not scored: job stopped")


def test_one_failure_outweighs_what_is_open() -> None:
    opened, failed, passed = Verdict("", "inconclusive", ""), Verdict("", "fail", ""), Verdict("", "pass", "")
    assert overall([passed]) == overall([]) == "pass"
    assert overall([passed, opened]) == "inconclusive"
    assert overall([opened, failed, passed]) == "fail"
