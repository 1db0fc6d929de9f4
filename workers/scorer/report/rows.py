"""The comparison as rows of formatted cells, shared by the page and the Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.experiment import Train
from schemas.report import ArmReport, Direction, MetricValue, Report
from shared.text import numbers


@dataclass(frozen=True)
class Cell:
    """One metric of one arm as text. None where there is no value, no change or no interval."""

    value: str | None = None
    relative: str | None = None
    interval: str | None = None
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


def table(report: Report) -> list[Row]:
    """The rows in the order of the run's arms, their cells in the order of ``report.metrics``."""
    best = {metric: _best(report, metric) for metric in report.metrics}
    return [
        Row(
            arm=arm,
            is_baseline=arm.name == report.baseline,
            is_winner=arm.name == report.winner,
            cells=[cell(arm.metrics.get(metric), best[metric]) for metric in report.metrics],
            n=_questions(arm),
        )
        for arm in report.arms
    ]


def cell(metric: MetricValue | None, best: float | None = None) -> Cell:
    """The text of one metric; ``best`` is the metric's highest value, when one arm stands out."""
    if metric is None:
        return Cell()
    return Cell(
        value=numbers.decimal(metric.value),
        relative=numbers.percent(metric.relative),
        interval=numbers.interval(metric.low, metric.high),
        direction=metric.direction,
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
    return max(known) if len(set(known)) > 1 else None


def _questions(arm: ArmReport) -> str | None:
    sizes = sorted({metric.n for metric in arm.metrics.values()})
    if not sizes:
        return None
    ends = [numbers.count(size) for size in (sizes[0], sizes[-1])]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)
