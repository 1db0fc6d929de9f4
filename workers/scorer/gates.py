"""Rules that a report must keep, for a build that shall stop when an arm got worse. Pure, over report.json.

A rule is judged by the 95 % interval, not by the point: ``pass`` where all of it keeps the rule, ``fail`` where none of
it does, ``inconclusive`` where the questions are too few to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.report import ArmReport, Comparison, Report
from shared.errors import BadInput
from shared.nearest import nearest
from shared.text import numbers

Side = Literal["min", "max"]
Kind = Literal["value", "relative", "difference"]
Outcome = Literal["pass", "fail", "inconclusive"]

ALIASES = {"hallucinated": "hallucinated_answers"}
"""What people write → metric."""

_RULE = re.compile(r"(?P<metric>\w+)=(?P<sign>[+-]?)(?P<number>\d+(\.\d+)?|\.\d+)(?P<percent>\s*%?)")


@dataclass(frozen=True)
class Rule:
    """``metric`` on one side of ``limit``: its value, or its relative change or difference to the compared arm."""

    metric: str
    side: Side
    kind: Kind
    limit: float


@dataclass(frozen=True)
class Verdict:
    """What became of a rule; ``name`` is the rule as it was written."""

    name: str
    outcome: Outcome
    message: str


@dataclass(frozen=True)
class _Found:
    """What a rule is about, with its interval."""

    value: float | None
    low: float | None
    high: float | None


def parse_rule(text: str, side: Side) -> Rule:
    """``rougeL=0.35``: the value; ``rougeL=-2%``: the relative change; ``rougeL=+0.01``: the difference.

    ``hallucinated=2%`` is the value 0.02: only a sign makes it a change. Raises BadInput for anything else.
    """
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            f"--{side} {text!r} is no rule; write METRIC=0.35 for the value, METRIC=-2% for the relative change, "
            "METRIC=+0.01 for the difference"
        )
    percent = bool(found["percent"].strip())
    number = float(found["sign"] + found["number"]) / (100 if percent else 1)
    kind: Kind = "value" if not found["sign"] else "relative" if percent else "difference"
    return Rule(ALIASES.get(found["metric"], found["metric"]), side, kind, number)


def judge(report: Report, rules: Sequence[tuple[str, Rule]], arm: str | None, against: str | None) -> list[Verdict]:
    """A verdict for the scores themselves, and one for each rule (with how it was written).

    ``arm``: None for the winner, or the only one beside the baseline; ``against``: None for the baseline. Raises
    BadInput for an arm or a metric that the report does not have.
    """
    checked = _arm(report, arm or _default(report))
    compared = _arm(report, against or report.baseline)
    _known([rule.metric for _, rule in rules], checked)
    if checked.status == "failed" or compared.status == "failed":
        failed = checked if checked.status == "failed" else compared
        return [Verdict("scored", "fail", f"arm {failed.name!r} was not scored: {failed.reason or report.reason}")]
    return [*_validity(report), *(_verdict(name, rule, report, checked, compared) for name, rule in rules)]


def overall(verdicts: Sequence[Verdict]) -> Outcome:
    """One that fails fails all; one that cannot be told leaves all of them open."""
    outcomes = {verdict.outcome for verdict in verdicts}
    return "fail" if "fail" in outcomes else "inconclusive" if "inconclusive" in outcomes else "pass"


def _validity(report: Report) -> Iterator[Verdict]:
    if report.status == "failed":
        yield Verdict("completed", "fail", f"the run failed: {report.reason}")
    if not report.valid:
        yield Verdict("valid", "fail", f"the scores are not valid: {' '.join(report.notes)}")


def _verdict(name: str, rule: Rule, report: Report, arm: ArmReport, compared: ArmReport) -> Verdict:
    found = _value(arm, rule) if rule.kind == "value" else _change(report, rule, arm, compared)
    outcome = _outcome(rule, found)
    beside = "" if rule.kind == "value" else f" against {compared.name}"
    asked = f"at {'least' if rule.side == 'min' else 'most'} {_shown(rule.limit, rule.kind)}"
    return Verdict(name, outcome, f"{rule.metric} of {arm.name}{beside}: {_numbers(found, rule.kind)}; {asked} asked")


def _outcome(rule: Rule, found: _Found) -> Outcome:
    if found.low is None or found.high is None:
        return "inconclusive"
    if rule.side == "min":
        return "pass" if found.low >= rule.limit else "fail" if found.high < rule.limit else "inconclusive"
    return "pass" if found.high <= rule.limit else "fail" if found.low > rule.limit else "inconclusive"


def _value(arm: ArmReport, rule: Rule) -> _Found:
    metric = arm.metrics[rule.metric]
    return _Found(metric.value, metric.value_low, metric.value_high)


def _change(report: Report, rule: Rule, arm: ArmReport, compared: ArmReport) -> _Found:
    change = _compared(report, rule.metric, arm, compared)
    if change is None:
        return _Found(None, None, None)
    if rule.kind == "relative":
        return _Found(change.relative, change.low, change.high)
    return _Found(change.difference, change.difference_low, change.difference_high)


def _compared(report: Report, metric: str, arm: ArmReport, compared: ArmReport) -> Comparison | None:
    if compared.name == report.baseline:
        return arm.metrics[metric]
    found = (c for c in report.contrasts if (c.arm, c.against, c.metric) == (arm.name, compared.name, metric))
    return next(found, None)


def _numbers(found: _Found, kind: Kind) -> str:
    if found.value is None:
        return "n/a"
    if found.low is None or found.high is None:
        return f"{_shown(found.value, kind)} without interval"
    return f"{_shown(found.value, kind)} [{_shown(found.low, kind)}, {_shown(found.high, kind)}]"


def _shown(number: float, kind: Kind) -> str:
    if kind == "relative":
        shown = numbers.percent(number)
    else:
        shown = numbers.signed_decimal(number) if kind == "difference" else numbers.decimal(number)
    return shown or "n/a"


def _arm(report: Report, name: str) -> ArmReport:
    names = [arm.name for arm in report.arms]
    if name not in names:
        raise BadInput(f"the report has no arm {name!r}{nearest(name, names)}; its arms: {', '.join(names)}")
    return report.arms[names.index(name)]


def _default(report: Report) -> str:
    others = [arm.name for arm in report.arms if arm.name != report.baseline]
    if report.winner is None and len(others) != 1:
        raise BadInput(f"no arm won; name the one to check with --arm: {', '.join(others)}")
    return report.winner or others[0]


def _known(metrics: Sequence[str], arm: ArmReport) -> None:
    known = list(arm.metrics)
    for metric in metrics:
        if metric not in known:
            raise BadInput(f"the report has no metric {metric!r}{nearest(metric, known)}; it has {', '.join(known)}")
