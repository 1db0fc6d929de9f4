"""Where arms differ: the metrics over questions that have something in common."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from schemas.report import QuestionSlice, Report, SliceValue
from shared.text import numbers
from workers.scorer.metrics import better_of
from workers.scorer.report.sections.model import Cell, Labels, Section, Table
from workers.scorer.report.sections.texts import bounds, lines, marked, probability


def slices(report: Report, t: Labels) -> Section:
    """The differences that hold first, then a table an attribute."""
    words = t["slices"]
    if not report.slices:
        return Section("slices", words["heading"], intro=[words["empty"]])
    clear = _clear(report.slices, t)
    attributes = groupby(report.slices, key=lambda found: found.by)
    return Section(
        "slices",
        words["heading"],
        intro=[words["why"], *([] if clear.rows else [words["none_clear"]])],
        tables=[clear] if clear.rows else [],
        folded=[_table(by, list(found), t) for by, found in attributes],
    )


def _clear(found: Iterable[QuestionSlice], t: Labels) -> Table:
    words = t["slices"]
    head = [words["slice"], words["arm"], words["metric"], words["difference"]]
    rows: list[list[Cell]] = [
        [
            words["named"].format(name=f"{_attribute(cut.by, t)}: {slice_name(cut, t)}", n=numbers.count(value.n)),
            value.arm,
            t["metrics"].get(value.metric, value.metric),
            _change(value, with_p=True),
        ]
        for cut in found
        for value in cut.values
        if value.significant
    ]
    return Table(words["holding"], head, rows, 1)


def _table(by: str, cuts: list[QuestionSlice], t: Labels) -> Table:
    words = t["slices"]
    metrics = list(dict.fromkeys(value.metric for cut in cuts for value in cut.values))
    head = [words["slice"], words["arm"], *(t["metrics"].get(metric, metric) for metric in metrics)]
    rows = [row for cut in cuts for row in _rows(cut, metrics, t)]
    return Table(words["by"].format(attribute=_attribute(by, t), n=len(cuts)), head, rows, len(metrics))


def _rows(cut: QuestionSlice, metrics: list[str], t: Labels) -> list[list[Cell]]:
    values = {(value.arm, value.metric): value for value in cut.values}
    arms = dict.fromkeys(value.arm for value in cut.values)
    name = t["slices"]["named"].format(name=slice_name(cut, t), n=numbers.count(cut.n))
    return [[name, arm, *(_cell(values.get((arm, metric))) for metric in metrics)] for arm in arms]


def _cell(value: SliceValue | None) -> Cell:
    return None if value is None else lines(numbers.decimal(value.value), _change(value))


def _change(value: SliceValue, *, with_p: bool = False) -> str | None:
    shown = numbers.signed_decimal(value.difference)
    told = marked(shown, value.difference, better_of(value.metric)) if value.significant else shown
    if not with_p:
        return told
    return lines(told, bounds(value.low, value.high, numbers.signed_decimal), probability(value.p_adjusted))


def _attribute(by: str, t: Labels) -> str:
    named: dict[str, str] = t["slices"]["attributes"]
    return named.get(by, by)


def slice_name(cut: QuestionSlice, t: Labels) -> str:
    """What people call a slice; topics and ranges are called as they are."""
    if cut.by == "type":
        types: dict[str, str] = t["types"]
        return types.get(cut.name, cut.name)
    names: dict[str, str] = t["slices"]["names"].get(cut.by, {})
    return names.get(cut.name, cut.name)
