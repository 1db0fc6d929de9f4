"""What a section of the report is made of: text, ready to be laid out on the page and in Markdown alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workers.scorer.report.charts.forest import ForestPlot

Labels = Mapping[str, Any]
"""All labels of one language, see ``labels``."""

Cell = str | None
"""None where there is no value. What follows a line break stands under the value, smaller."""


@dataclass(frozen=True)
class Table:
    """A row's first cell names it; the last ``right`` columns hold numbers."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    right: int


@dataclass(frozen=True)
class Section:
    """Parts in the order in which they are shown. All text is still to be escaped.

    ``alarms`` are what a reader must know first, ``folded`` are tables that are too long to show at once, and
    ``commands`` are lines for a shell.
    """

    key: str
    heading: str
    alarms: Sequence[str] = ()
    intro: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[ForestPlot] = ()
    folded: Sequence[Table] = ()
    notes: Sequence[str] = ()
    commands: Sequence[str] = ()
