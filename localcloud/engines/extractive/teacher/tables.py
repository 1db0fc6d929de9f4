"""Pairs from tables: what a row says in one of its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.teacher import table_english, table_korean
from localcloud.engines.extractive.teacher.pair import Page, Pair
from localcloud.engines.extractive.teacher.phrases import placed

_EMPTY = re.compile(r"^(?:[-–—.]|yes|no|none|n/a|없음|해당 없음|예|아니요|o|x|○|×)?$", re.IGNORECASE)
_MOST_NAME = 60
_MOST_VALUE = 240


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


def from_tables(page: Page) -> Iterator[Pair]:
    """One pair for every telling cell, row by row."""
    write = table_korean.write if page.language == "ko" else table_english.write
    for rows in page.blocks():
        key = _key_column(rows)
        for piece in rows if key is not None else ():
            for cell in _cells(piece, key or 0):
                question, answer = write(cell.first, cell.name, cell.header, cell.value, cell.remedy, page)
                evidence = page.quote(cell.name, cell.value)
                if evidence and "|" in evidence:
                    yield Pair("table", placed(question, page, piece.heading), answer, page.number, evidence)


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
    remedies = [i for i, header in enumerate(piece.headers) if table_english.REMEDY.search(header)]
    for column, (header, value) in enumerate(zip(piece.headers, piece.cells, strict=True)):
        if column == key or not header or not _telling(value, _MOST_VALUE):
            continue
        told = header if table_english.explains(header) else ""
        remedy = next((piece.cells[i] for i in remedies if told and i not in (column, key)), "")
        yield Cell(piece.headers[key], piece.cells[key], header, value, remedy if _telling(remedy, _MOST_VALUE) else "")


def _telling(text: str, most: int) -> bool:
    return not _EMPTY.match(text.strip()) and len(text) <= most
