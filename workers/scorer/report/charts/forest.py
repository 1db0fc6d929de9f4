"""Forest plots: how far each arm is from the baseline, with its interval. Geometry only, in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.report import JudgeStrength, MetricValue, Report
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
class _Mark:
    """What a row shows, not yet in pixels. Without a value there is nothing to draw."""

    arm: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str | None = None
    clear: bool = False

    @property
    def places(self) -> list[float]:
        ends = (self.value, self.low, self.high)
        return [place for place in ends if place is not None and math.isfinite(place)]


@dataclass(frozen=True)
class ForestPlot:
    """One metric's plot, or that of ``judge_strength``. ``zero`` is the x of no change."""

    metric: str
    height: float
    axis_y: float
    zero: float
    ticks: list[Tick]
    rows: list[ForestRow]
    width: int = _WIDTH


def forest_plots(report: Report) -> list[ForestPlot]:
    """A plot for each metric in which at least one arm has a relative change."""
    plots = [_changes(report, metric) for metric in report.metrics]
    return [plot for plot in plots if plot is not None]


def strength_plot(strengths: Sequence[JudgeStrength], baseline: str) -> ForestPlot | None:
    """The judge's strengths of all arms but the baseline, whose own is zero."""
    others = [found for found in strengths if found.arm != baseline]
    return _plot("judge_strength", [_strength(found) for found in others], _plain)


def _changes(report: Report, metric: str) -> ForestPlot | None:
    compared = [(arm.name, arm.metrics.get(metric)) for arm in report.arms if arm.name != report.baseline]
    return _plot(metric, [_change(name, value) for name, value in compared], _percent)


def _change(arm: str, value: MetricValue | None) -> _Mark:
    if value is None or value.relative is None or not math.isfinite(value.relative):
        return _Mark(arm)
    change = [numbers.percent(value.relative), numbers.interval(value.low, value.high)]
    low, high = (value.low, value.high) if value.direction else (None, None)
    text = " ".join(part for part in change if part)
    return _Mark(arm, value.relative, low, high, text, clear=value.direction in ("up", "down"))


def _strength(found: JudgeStrength) -> _Mark:
    shown = [numbers.signed_decimal(value, 2) for value in (found.strength, found.low, found.high)]
    text = f"{shown[0]} [{shown[1]},{numbers.NO_BREAK}{shown[2]}]"
    clear = found.low > 0 or found.high < 0
    return _Mark(found.arm, found.strength, found.low, found.high, text, clear)


def _plot(name: str, marks: Sequence[_Mark], told: Callable[[float, int], str]) -> ForestPlot | None:
    places = [place for mark in marks for place in mark.places]
    if not places:
        return None
    scale = Scale(*padded([0.0, *places]), start=_MARGIN, end=_WIDTH - _MARGIN)
    axis_y = _TOP + _ROW * len(marks) + 2
    return ForestPlot(
        metric=name,
        height=axis_y + _AXIS,
        axis_y=axis_y,
        zero=scale(0.0),
        ticks=[Tick(scale(tick), told(tick, _digits(scale))) for tick in scale.ticks()],
        rows=[_row(index, mark, scale) for index, mark in enumerate(marks)],
    )


def _row(index: int, mark: _Mark, scale: Scale) -> ForestRow:
    top = _TOP + _ROW * index
    x, left, right = (None if value is None else scale(value) for value in (mark.value, mark.low, mark.high))
    return ForestRow(
        mark.arm,
        shortened(mark.arm, _NAME_UNITS),
        mark.text,
        text_y=top + 13,
        y=top + 26,
        x=x,
        left=left,
        right=right,
        clear=mark.clear,
    )


def _digits(scale: Scale) -> int:
    """Decimals, in hundredths, that tell neighbouring ticks apart."""
    return 0 if tick_step(scale.high - scale.low, 4) >= 0.01 else 1


def _percent(tick: float, digits: int) -> str:
    return f"{numbers.signed_decimal(tick * 100, digits)}{numbers.NO_BREAK}%"


def _plain(tick: float, digits: int) -> str:
    return numbers.signed_decimal(tick, digits + 2) or ""
