"""How long answers took and how long they are, from a report's provenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.report import Report
from shared.text import numbers
from workers.scorer.report.sections.model import Cell, Labels, Table

_COLUMNS = ("latency_median_ms", "latency_p95_ms", "output_tokens_median", "output_tokens_p95", "cached_answers")


def latency(report: Report, t: Labels) -> Table | None:
    """In the order of the arms; None where nothing was measured."""
    told: Mapping[str, Any] = report.provenance.get("arms", {})
    rows = [[arm.name, *_cells(told[arm.name])] for arm in report.arms if arm.name in told]
    if not any(cell for row in rows for cell in row[1:]):
        return None
    words = t["latency"]
    return Table(words["caption"], [words["arm"], *(words[name] for name in _COLUMNS)], rows, len(_COLUMNS))


def _cells(used: Mapping[str, Any]) -> list[Cell]:
    return [_number(used.get(name), name) for name in _COLUMNS]


def _number(value: float | None, name: str) -> Cell:
    if value is None:
        return None
    return f"{numbers.count(round(value))}{numbers.NO_BREAK}ms" if name.endswith("_ms") else numbers.count(round(value))
