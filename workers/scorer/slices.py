"""Where arms differ: metrics over questions that have something in common. Pure.

So many slices are looked at that some differ by chance. Their p-values are adjusted together (Benjamini-Hochberg): of
what is called a difference then, up to one in twenty is still chance. A slice tells where to look next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.report import QuestionSlice, SliceValue
from workers.scorer.attributes import Attribute
from workers.scorer.pairing import Column, Paired
from workers.scorer.statistics import Change, PairedTable, Values, adjusted, mean
from workers.scorer.statistics.multiplicity import benjamini_hochberg

FEW = 5
"""Below so many questions there is no interval and no p."""


@dataclass(frozen=True)
class _Cut:
    """The commonly answered questions of one name, and what each arm scored on them by metric."""

    by: str
    name: str
    n: int
    columns: Mapping[Column, Values]
    changes: Mapping[Column, Change]


def slices(
    paired: Paired, attributes: Sequence[Attribute], metrics: Sequence[str], baseline: str, seed: int
) -> list[QuestionSlice]:
    """One for each name of each attribute that a commonly answered question has; none without a scored baseline."""
    if baseline not in paired.scored:
        return []
    cuts = [
        _cut(paired, attribute, name, metrics, baseline, seed) for attribute in attributes for name in attribute.order
    ]
    together = adjusted([change for cut in cuts for change in cut.changes.values()], benjamini_hochberg)
    changes = iter(together)
    found = [(cut, dict(zip(cut.changes, changes, strict=False))) for cut in cuts]
    return [_slice(cut, own) for cut, own in found if cut.n]


def _cut(paired: Paired, attribute: Attribute, name: str, metrics: Sequence[str], baseline: str, seed: int) -> _Cut:
    ids = {id for id in paired.ids if attribute.names.get(id) == name}
    columns: dict[Column, Values] = {}
    for metric in metrics:
        inside = np.array([id in ids for id in paired.ids_of(metric)], dtype=bool)
        columns |= {(arm, metric): paired.values(arm, metric)[inside] for arm in paired.scored}
    return _Cut(attribute.by, name, len(ids), columns, _changes(columns, (seed, attribute.by, name), baseline))


def _changes(columns: Mapping[Column, Values], seed: Sequence[object], baseline: str) -> dict[Column, Change]:
    """Each column but the baseline's against it. Metrics that apply to as many questions share their draws."""
    sizes = {values.size for values in columns.values()}
    tables = {
        size: PairedTable({key: values for key, values in columns.items() if values.size == size}, seed=seed)
        for size in sizes
    }
    return {
        (arm, metric): _told(tables[values.size].change((baseline, metric), (arm, metric)), values.size)
        for (arm, metric), values in columns.items()
        if arm != baseline
    }


def _told(change: Change, n: int) -> Change:
    return change if n >= FEW else Change(difference=change.difference)


def _slice(cut: _Cut, changes: Mapping[Column, Change]) -> QuestionSlice:
    values = [
        _value(arm, metric, own, changes.get((arm, metric), Change())) for (arm, metric), own in cut.columns.items()
    ]
    return QuestionSlice(by=cut.by, name=cut.name, n=cut.n, values=values)


def _value(arm: str, metric: str, values: Values, change: Change) -> SliceValue:
    return SliceValue(
        arm=arm,
        metric=metric,
        n=values.size,
        value=mean(values),
        difference=change.difference,
        low=change.difference_low,
        high=change.difference_high,
        p=change.p,
        p_adjusted=change.p_adjusted,
        significant=None if change.p is None else change.significant,
    )
