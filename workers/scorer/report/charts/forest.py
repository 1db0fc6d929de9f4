"""Forest plots: the relative change of each arm with its interval, one plot a metric. Geometry only, in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from schemas.report import MetricValue, Report
from shared.text import numbers
from workers.scorer.report.charts.scale import Scale, Tick, padded, tick_step
from workers.scorer.report.wording import shortened

_WIDTH = 360
_MARGIN = 14
_TOP = 6
_ROW = 38
_AXIS = 24
_NAME_UNITS = 24


@dataclass(frozen=True)
class ForestRow:
    """One arm: its text at ``text_y``, point and whiskers at ``y``. No ``x``: nothing to draw."""

    arm: str
    short: str
    text: str | None
    text_y: float
    y: float
    x: float | None = None
    left: float | None = None
    right: float | None = None
    clear: bool = False


@dataclass(frozen=True)
class ForestPlot:
    """One metric's plot. ``zero`` is the x of no change."""

    metric: str
    height: float
    axis_y: float
    zero: float
    ticks: list[Tick]
    rows: list[ForestRow]
    width: int = _WIDTH


def forest_plots(report: Report) -> list[ForestPlot]:
    """A plot for each metric in which at least one arm has a relative change."""
    plots = [_plot(report, metric) for metric in report.metrics]
    return [plot for plot in plots if plot is not None]


def _plot(report: Report, metric: str) -> ForestPlot | None:
    compared = [(arm.name, arm.metrics.get(metric)) for arm in report.arms if arm.name != report.baseline]
    places = [place for _, value in compared if value is not None for place in _places(value)]
    if not places:
        return None
    scale = Scale(*padded([0.0, *places]), start=_MARGIN, end=_WIDTH - _MARGIN)
    rows = [_row(index, name, value, scale) for index, (name, value) in enumerate(compared)]
    axis_y = _TOP + _ROW * len(rows) + 2
    return ForestPlot(
        metric=metric,
        height=axis_y + _AXIS,
        axis_y=axis_y,
        zero=scale(0.0),
        ticks=[Tick(scale(tick), _tick_text(tick, scale)) for tick in scale.ticks()],
        rows=rows,
    )


def _places(value: MetricValue) -> list[float]:
    numbers_ = (value.relative, value.low, value.high)
    return [number for number in numbers_ if number is not None and math.isfinite(number)]


def _row(index: int, name: str, value: MetricValue | None, scale: Scale) -> ForestRow:
    top = _TOP + _ROW * index
    row = ForestRow(name, shortened(name, _NAME_UNITS), None, text_y=top + 13, y=top + 26)
    if value is None or value.relative is None or not math.isfinite(value.relative):
        return row
    change = [numbers.percent(value.relative), numbers.interval(value.low, value.high)]
    low, high = (value.low, value.high) if value.direction else (None, None)
    return ForestRow(
        row.arm,
        row.short,
        text=" ".join(part for part in change if part),
        text_y=row.text_y,
        y=row.y,
        x=scale(value.relative),
        left=None if low is None else scale(low),
        right=None if high is None else scale(high),
        clear=value.direction in ("up", "down"),
    )


def _tick_text(tick: float, scale: Scale) -> str:
    digits = 0 if tick_step(scale.high - scale.low, 4) >= 0.01 else 1
    return f"{numbers.signed_decimal(tick * 100, digits)}{numbers.NO_BREAK}%"
