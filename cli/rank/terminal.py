"""What people said, on the terminal: a line an arm, what it amounts to, and all that does not count."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from schemas.people import Estimate, PeopleReport
from shared.text import numbers

ABSENT = "n/a"


def show(report: PeopleReport, console: Console) -> None:
    """Prints all of it; a file or a pipe gets the same lines."""
    table = Table("arm", "points", "of", "mean [95 %]", "first in", box=box.SIMPLE_HEAD, pad_edge=False)
    for arm in report.arms:
        points, possible = f"{arm.points:g}", f"{report.best_possible:g}"
        table.add_row(arm.arm, points, possible, _estimate(arm.mean), f"{arm.firsts:.0%}")
    console.print(table)
    for line in [*_lines(report), *report.notes, *_problems(report)]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(report: PeopleReport) -> Iterator[str]:
    yield f"{report.rankings} rankings of {report.questions} questions by {report.raters} raters"
    yield f"arms differ: Friedman p = {_number(report.friedman_p)}, Kendall's W = {_number(report.kendall_w)}"
    yield f"raters agree: Krippendorff's alpha (ordinal) = {_estimate(report.alpha)}"
    for group in report.groups:
        if len(group) > 1:
            yield f"not distinguishable: {', '.join(group)}"
    for pair in report.pairs:
        if pair.significant:
            yield f"{pair.first} above {pair.second}: {_estimate(pair.difference)} points, p = {_number(pair.p_holm)}"
    if report.repeats:
        yield f"{report.repeats} tasks ranked twice: Kendall's tau = {_number(report.repeat_tau)}"
    if judge := report.judge:
        yield f"judge and people agree on {judge.agreement:.0%} of {judge.n} pairs, kappa = {_number(judge.kappa)}"


def _problems(report: PeopleReport) -> Iterator[str]:
    if report.problems:
        yield f"does not count ({len(report.problems)}):"
    for problem in report.problems:
        line = f"line {problem.line}, " if problem.line else ""
        yield f"  {line}task {problem.task}: {problem.code}: {problem.message}"


def _estimate(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return _number(estimate.value)
    return f"{_number(estimate.value)} [{_number(estimate.low)}, {_number(estimate.high)}]"


def _number(value: float | None) -> str:
    return numbers.decimal(value) or ABSENT
