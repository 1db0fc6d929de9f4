"""Pairs from tables: what a row says in its columns, and which row says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.teacher import headers, table_english, table_korean
from localcloud.engines.extractive.teacher.pair import Level, Page, Pair
from localcloud.engines.extractive.teacher.phrases import nominalised, placed, sentence_like

_EMPTY = re.compile(r"^(?:[-–—.]|yes|no|none|n/a|없음|해당 없음|예|아니요|o|x|○|×)?$", re.IGNORECASE)
_MOST_NAME = 60
_MOST_VALUE = 240
_MOST_SHORT = 60


@dataclass(frozen=True)
class Cell:
    """A value with what it needs to be asked for: the row's name under its header, and the value's own header.

    ``remedy`` is what the same row advises to do; empty where it does not.
    """

    first: str
    name: str
    header: str
    value: str
    remedy: str
    row: Candidate

    @property
    def short(self) -> bool:
        """Whether the value can stand inside a sentence beside another one."""
        asks = headers.explains(self.header) or headers.REMEDY.search(self.header)
        clause = sentence_like(self.value) or table_english.finite(self.value) or ". " in self.value
        clause = clause or nominalised(self.value)
        return len(self.value) <= _MOST_SHORT and not clause and not asks


def from_tables(page: Page) -> Iterator[Pair]:
    """For every telling cell what it says; what names the row that says it; and two neighbouring cells at once."""
    words = table_korean if page.language == "ko" else table_english
    for rows in page.blocks():
        cells = telling_cells(rows)
        values = Counter((cell.header, cell.value) for cell in cells)
        for cell in cells:
            asked = words.write(cell.first, cell.name, cell.header, cell.value, cell.remedy, page)
            yield from pair(page, asked, (cell,), "medium" if cell.remedy else "easy")
        for cell in cells:
            alone = values[cell.header, cell.value] == 1 and _nameable(cell)
            if alone and (found := words.reverse(cell.first, cell.name, cell.header, cell.value, page)):
                yield from pair(page, found, (cell,), "easy")
        for one, two in pairwise(cells):
            if one.row is two.row and one.short and two.short and not _variants(one, two):
                both = words.both(one.first, one.name, ((one.header, one.value), (two.header, two.value)), page)
                yield from pair(page, both, (one, two), "medium")


def telling_cells(rows: Sequence[Candidate]) -> list[Cell]:
    """The cells of a table that say something of what names their row, row by row; none for what is no table."""
    key = _key_column(rows)
    return [cell for row in rows for cell in _cells(row, key)] if key is not None else []


def pair(page: Page, asked: table_english.Asked, cells: Sequence[Cell], level: Level) -> Iterator[Pair]:
    """The pair, when the page holds its cells."""
    types, questions, answer = asked
    quotes = page.quote(*(text for cell in cells for text in (cell.name, cell.value)))
    if quotes and "|" in quotes[0].text:
        heading = cells[0].row.heading
        yield Pair(types, tuple(placed(question, page, heading) for question in questions), answer, quotes, level)


def _variants(*cells: Cell) -> bool:
    return any(headers.variant(cell.first, cell.header) for cell in cells)


def _nameable(cell: Cell) -> bool:
    """Whether a value is particular enough to ask which row has it."""
    explained = bool(headers.MEANING.search(cell.header))
    clause = sentence_like(cell.value) or table_english.finite(cell.value) or ". " in cell.value or ":" in cell.value
    return len(cell.value) <= _MOST_SHORT and not clause and (explained or cell.short) and len(cell.value) > 1


def _key_column(rows: Sequence[Candidate]) -> int | None:
    """The first column that names each row once; None for what is no table with headers."""
    if rows[0].kind != "row" or len(rows[0].headers) < 2:
        return None
    for column, header in enumerate(rows[0].headers):
        names = Counter(row.cells[column] for row in rows if column < len(row.cells))
        if header and max(names.values()) == 1 and all(_telling(name, _MOST_NAME) for name in names):
            return column
    return None


def _cells(piece: Candidate, key: int) -> Iterator[Cell]:
    if len(piece.headers) != len(piece.cells):
        return
    remedies = [i for i, header in enumerate(piece.headers) if headers.REMEDY.search(header)]
    for column, (header, value) in enumerate(zip(piece.headers, piece.cells, strict=True)):
        if (
            column == key
            or not header
            or not headers.askable(header)
            or not _telling(value, _MOST_VALUE)
            or value == piece.cells[key]
        ):
            continue
        told = header if headers.explains(header) else ""
        remedy = next((piece.cells[i] for i in remedies if told and i not in (column, key)), "")
        advice = remedy if _telling(remedy, _MOST_VALUE) else ""
        yield Cell(piece.headers[key], piece.cells[key], header, value, advice, piece)


def _telling(text: str, most: int) -> bool:
    return not _EMPTY.match(text.strip()) and len(text) <= most
