"""The comparison as rows of formatted cells, shared by the page and the Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.experiment import Train
from schemas.report import ArmReport, Direction, MetricValue, Report
from shared.text import numbers
from workers.scorer.metrics import Better, better_of
from workers.scorer.report.sections.texts import probability

_DIRECTIONS: Mapping[Better, Mapping[str, Direction]] = {
    "higher": {"up": "up", "down": "down", "unclear": "unclear"},
    "lower": {"up": "down", "down": "up", "unclear": "unclear"},
    "neither": {},
}


@dataclass(frozen=True)
class Cell:
    """One metric of one arm as text. None where there is no value, no change, no interval or no test."""

    value: str | None = None
    relative: str | None = None
    interval: str | None = None
    p: str | None = None
    direction: Direction | None = None
    best: bool = False


@dataclass(frozen=True)
class Row:
    """One arm. ``n`` is a number, a range such as ``58–60`` where metrics differ, or None when nothing was scored."""

    arm: ArmReport
    is_baseline: bool
    is_winner: bool
    cells: list[Cell]
    n: str | None


def table(report: Report, metrics: Sequence[str] | None = None) -> list[Row]:
    """The rows in the order of the run's arms, their cells in the order of ``metrics``, or of the main table's."""
    metrics = report.metrics if metrics is None else metrics
    best = {metric: _best(report, metric) for metric in metrics}
    return [
        Row(
            arm=arm,
            is_baseline=arm.name == report.baseline,
            is_winner=arm.name == report.winner,
            cells=[cell(arm.metrics.get(metric), best[metric], better_of(metric)) for metric in metrics],
            n=_questions(arm),
        )
        for arm in report.arms
    ]


def cell(metric: MetricValue | None, best: float | None = None, better: Better = "higher") -> Cell:
    """The text of one metric; ``best`` is the metric's best value, when one arm stands out. The cell's direction is
    ``up`` for a change to the better, also where less is better."""
    if metric is None:
        return Cell()
    return Cell(
        value=numbers.decimal(metric.value),
        relative=numbers.percent(metric.relative),
        interval=numbers.interval(metric.low, metric.high),
        p=probability(metric.p_holm),
        direction=_DIRECTIONS[better].get(metric.direction or ""),
        best=metric.value is not None and metric.value == best,
    )


def differs(asked: Train | None, trained_on: Train | None) -> bool:
    """The dataset held other counts than the run file asked for."""
    return asked is not None and trained_on is not None and asked != trained_on


def answers_missing(report: Report) -> bool:
    """Some arm left questions unanswered, so that scoring them 0 changes a number."""
    return any(
        metric.with_missing_as_zero is not None and metric.with_missing_as_zero != metric.value
        for arm in report.arms
        for metric in arm.metrics.values()
    )


def _best(report: Report, metric: str) -> float | None:
    values = [arm.metrics[metric].value for arm in report.arms if metric in arm.metrics]
    known = [value for value in values if value is not None]
    if len(set(known)) < 2 or better_of(metric) == "neither":
        return None
    return min(known) if better_of(metric) == "lower" else max(known)


def _questions(arm: ArmReport) -> str | None:
    sizes = sorted({metric.n for metric in arm.metrics.values()})
    if not sizes:
        return None
    ends = [numbers.count(size) for size in (sizes[0], sizes[-1])]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)
