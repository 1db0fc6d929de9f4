"""Loss curves of training and validation: one small chart an arm, all with the same two scales. Geometry, in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from schemas.report import ArmReport, LossPoint, Report
from shared.text import numbers
from workers.scorer.report.charts.scale import Scale, Tick, padded

_WIDTH = 360
_HEIGHT = 190
_LEFT = 46
_RIGHT = _WIDTH - 12
_TOP = 10
_BOTTOM = _HEIGHT - 26
_POINTS = 240
"""More points than this cannot be told apart at this width."""


@dataclass(frozen=True)
class LossCurve:
    """One arm's loss by step. ``points`` is an SVG point list, ``first``, ``last`` and ``lowest`` are texts.

    ``validation`` are the places of the validation losses, ``held_out_points`` the same as a point list, and
    ``held_out`` its last value as text, if the job had any.

    The plot area goes from ``left`` to ``right`` and from the ``top`` to the ``bottom`` of a picture ``width`` wide.
    """

    arm: str
    points: str
    end: tuple[float, float]
    steps: int
    first: str
    last: str
    lowest: str
    validation: list[tuple[float, float]]
    held_out_points: str
    held_out: str | None
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    right: int = _RIGHT
    top: int = _TOP
    bottom: int = _BOTTOM


def loss_curves(report: Report) -> list[LossCurve]:
    """A curve for each arm that reported a loss, in the order of the arms."""
    curves = {arm.name: [loss for loss in arm.loss if math.isfinite(loss)] for arm in report.arms}
    curves = {name: losses for name, losses in curves.items() if losses}
    if not curves:
        return []
    held_out = {arm.name: _held_out(arm) for arm in report.arms}
    points = [point for name in curves for point in held_out[name]]
    every = [loss for losses in curves.values() for loss in losses] + [point.loss for point in points]
    longest = max([*(len(losses) for losses in curves.values()), *(point.step for point in points)])
    x = Scale(1, max(longest, 2), start=_LEFT, end=_RIGHT)
    low, high = padded([0.0, *every])
    y = Scale(low if min(every) < 0 else 0.0, high, start=_BOTTOM, end=_TOP)  # a loss near zero should look so
    return [_curve(name, losses, held_out[name], x, y) for name, losses in curves.items()]


def _held_out(arm: ArmReport) -> list[LossPoint]:
    return [point for point in arm.validation_loss if math.isfinite(point.loss)]


def _curve(arm: str, losses: list[float], held_out: list[LossPoint], x: Scale, y: Scale) -> LossCurve:
    places = [(x(step), y(loss)) for step, loss in _thinned(losses)]
    validation = [(x(point.step), y(point.loss)) for point in held_out]
    return LossCurve(
        arm=arm,
        points=_points(places),
        end=places[-1],
        steps=len(losses),
        first=_text(losses[0]),
        last=_text(losses[-1]),
        lowest=_text(min(losses)),
        validation=validation,
        held_out_points=_points(validation),
        held_out=_text(held_out[-1].loss) if held_out else None,
        y_ticks=[Tick(y(tick), numbers.decimal(tick, 2) or "") for tick in y.ticks(4)],
        x_ticks=[Tick(x(tick), numbers.count(int(tick))) for tick in x.ticks(5) if tick == int(tick)],
    )


def _points(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{across:g},{down:g}" for across, down in places)


def _thinned(losses: list[float]) -> list[tuple[int, float]]:
    """(step, loss) from step 1 on, every k-th of a long curve and always the last."""
    stride = math.ceil(len(losses) / _POINTS)
    kept = list(enumerate(losses, start=1))[::stride]
    last = (len(losses), losses[-1])
    return kept if kept[-1] == last else [*kept, last]


def _text(loss: float) -> str:
    return numbers.decimal(loss) or ""
