"""Beside the main table: what each value is worth, and arms against arms."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.report import Contrast, MetricValue, Report
from shared.text import numbers
from workers.scorer.report.sections.model import Cell, Labels, Table
from workers.scorer.report.sections.texts import estimate, lines, probability

WIDEST = 7
"""Metrics of one table: so many fit on a sheet of paper."""


def in_groups(metrics: Sequence[str]) -> list[Sequence[str]]:
    """Metrics for tables side by side, so many each."""
    return [metrics[start : start + WIDEST] for start in range(0, len(metrics), WIDEST)]


def beside(report: Report, t: Labels) -> list[Table]:
    """Tables to look things up in: values of both tables' metrics, and arms against arms."""
    groups = [*in_groups(report.metrics), *in_groups(report.further)]
    found = [*(_values(report, group, t) for group in groups), _contrasts(report, t)]
    return [table for table in found if table is not None]


def detectable(report: Report, t: Labels) -> str:
    """What so many questions can show at all, in a sentence; empty where nothing was tested."""
    seen = {metric: _least(report, metric) for metric in report.metrics}
    told = [f"{t['metrics'].get(metric, metric)} {numbers.decimal(least)}" for metric, least in seen.items() if least]
    return str(t["comparison"]["detectable"].format(least=", ".join(told))) if told else ""


def _least(report: Report, metric: str) -> float | None:
    """Of the arm for which it is largest: a difference from there on shows for every arm."""
    known = [arm.metrics[metric].detectable for arm in report.arms if metric in arm.metrics]
    return max((least for least in known if least is not None), default=None)


def _values(report: Report, metrics: Sequence[str], t: Labels) -> Table | None:
    """Each value over its interval and the smallest difference that would be seen; None when no interval is known."""
    found = [[arm.metrics.get(metric) for metric in metrics] for arm in report.arms]
    known = [
        (arm.name, values)
        for arm, values in zip(report.arms, found, strict=True)
        if any(value is not None and value.value_low is not None for value in values)
    ]
    if not known:
        return None
    words = t["comparison"]
    names = [t["metrics"].get(metric, metric) for metric in metrics]
    rows = [[arm, *(_value(value, words) for value in values)] for arm, values in known]
    caption = words["values_caption"].format(metrics=f"{names[0]}, …" if names[1:] else names[0])
    return Table(caption, [words["arm"], *names], rows, len(metrics))


def _value(value: MetricValue | None, words: Labels) -> Cell:
    if value is None:
        return None
    seen = numbers.decimal(value.detectable)
    shown = estimate(value.value, value.value_low, value.value_high)
    return lines(shown, f"±{seen}" if seen else None, words["of_n"].format(n=numbers.count(value.n)))


def _contrasts(report: Report, t: Labels) -> Table | None:
    """Arms against arms, each pair once: the later of run.yaml against the earlier."""
    places = {arm.name: n for n, arm in enumerate(report.arms)}
    found = [told for told in report.contrasts if places.get(told.arm, 0) > places.get(told.against, 0)]
    if not found:
        return None
    words, by = t["comparison"], {(told.arm, told.against, told.metric): told for told in found}
    pairs = dict.fromkeys((told.arm, told.against) for told in found)
    rows = [
        [
            words["against"].format(arm=arm, against=against),
            *(_contrast(by.get((arm, against, metric))) for metric in report.metrics),
        ]
        for arm, against in pairs
    ]
    head = [words["pair"], *(t["metrics"].get(metric, metric) for metric in report.metrics)]
    return Table(words["contrasts"], head, rows, len(report.metrics))


def _contrast(told: Contrast | None) -> Cell:
    if told is None:
        return None
    return lines(numbers.percent(told.relative), numbers.interval(told.low, told.high), probability(told.p))
