"""A score as an item of a scored file, and back.

An item has its ``id``, whether it was ``answered``, each ROUGE as ``{"precision", "recall", "fmeasure"}``, ``citation``
with its metrics and its sets of links, and every other metric by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.artifacts import Score
from workers.scorer.measures import citing, wording

CITATION_NAMES = {"citation_accuracy": "exact"} | {
    metric: metric.removeprefix("citation_") for metric in citing.METRICS if metric != "citation_accuracy"
}
"""Metric → its name within ``citation``."""


def as_item(score: Score, answered: bool) -> dict[str, Any]:
    item: dict[str, Any] = {"id": score.id, "answered": answered}
    citation: dict[str, Any] = {}
    for metric, value in score.values.items():
        if metric in score.rouge:
            item[metric] = score.rouge[metric].model_dump()
        elif metric in CITATION_NAMES:
            citation[CITATION_NAMES[metric]] = value
        else:
            item[metric] = value
    if citation and score.citation is not None:
        item["citation"] = citation | score.citation.model_dump(exclude_none=True)
    return item


def values_of(item: Mapping[str, Any], metrics: Sequence[str]) -> dict[str, float | None]:
    """The values of these metrics; None of one that the item has not."""
    return {metric: _value(item, metric) for metric in metrics}


def _value(item: Mapping[str, Any], metric: str) -> float | None:
    if metric in wording.METRICS:
        found = item.get(metric, {}).get("fmeasure")
    elif metric in CITATION_NAMES:
        found = item.get("citation", {}).get(CITATION_NAMES[metric])
    else:
        found = item.get(metric)
    return float(found) if isinstance(found, int | float) else None
