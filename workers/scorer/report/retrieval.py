"""Recall of the reference documents, and arms with and without them, as rows of text."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.report import ArmSlices, RecallAt, RetrievalQuality, Slice
from shared.text import numbers

SLICED = ("rougeL", "citation_accuracy")
"""Metrics shown by slice, each over retrieved and not retrieved questions."""


_ORIGIN = {"ground_truth": "given", "knowledge_base": "knowledge_base"}
"""Labels that say where documents come from, if not from a search of the run's own."""


def origin(quality: RetrievalQuality, words: Mapping[str, str]) -> str:
    """A sentence on where the documents come from; empty for the search that is expected."""
    return words[_ORIGIN[quality.by]] if quality.by in _ORIGIN else ""


def recall_row(found: RecallAt) -> list[str]:
    """k, all, any."""
    return [numbers.count(found.k), *(numbers.decimal(share) or "" for share in (found.all, found.any))]


def slice_row(found: ArmSlices) -> list[str | None]:
    """The arm's values in the order of ``SLICED``, retrieved before not retrieved; None where there is no question."""
    return [_value(slice, metric) for metric in SLICED for slice in (found.retrieved, found.not_retrieved)]


def slice_sizes(quality: RetrievalQuality) -> dict[str, str]:
    """Questions of each slice; the same for all arms."""
    first = quality.slices[0]
    return {"retrieved": numbers.count(first.retrieved.n), "lost": numbers.count(first.not_retrieved.n)}


def _value(slice: Slice, metric: str) -> str | None:
    return numbers.decimal(slice.rougeL if metric == "rougeL" else slice.citation_accuracy)
