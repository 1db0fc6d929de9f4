"""Paragraphs and tables of the Hangul word processor into blocks, the same for both of its formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from workers.doc_ingest.model import Block, clean, heading, listing, paragraph, table
from workers.doc_ingest.parsers.hangul_numbering import MAX_HEADING_CHARS, HangulNumbering
from workers.doc_ingest.parsers.list_lines import ListLines

_MAX_COLUMNS = 500
_MAX_DEPTH = 20


@dataclass(frozen=True)
class Head:
    """What stands before a paragraph: an outline or list number, or a bullet; ``level`` counts from 0."""

    kind: Literal["outline", "number", "bullet"]
    numbering: str
    level: int


@dataclass
class Cell:
    """A table's cell: its place, from 0, and its paragraphs."""

    row: int
    column: int
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass
class Grid:
    """A table. Cells that a merged one covers are not among its cells."""

    cells: list[Cell]
    caption: list[Paragraph] = field(default_factory=list)


@dataclass
class Paragraph:
    """A paragraph's text as Markdown, and what is anchored in it: tables, boxes of paragraphs, and notes."""

    text: str
    head: Head | None = None
    objects: list[Grid | list[Paragraph]] = field(default_factory=list)
    notes: list[tuple[str, list[Paragraph]]] = field(default_factory=list)
    """(mark, content) of footnotes and endnotes."""


class HangulBlocks:
    """Turns paragraphs, in order, into blocks."""

    def __init__(self, numbering: HangulNumbering) -> None:
        self._numbering = numbering

    def blocks(self, paragraphs: list[Paragraph], depth: int = 0) -> Iterator[Block]:
        """Neighbouring list paragraphs make one list. What is anchored in a paragraph follows it."""
        if depth > _MAX_DEPTH:
            yield from (paragraph(text) for text in [_words(paragraphs, self._label)] if text)
            return
        items = ListLines()
        for entry in paragraphs:
            text = clean(entry.text).strip()
            label = self._label(entry) if text else None
            if label is not None and entry.head is not None and not self._is_heading(entry, text):
                items.add(entry.head.level, label, text)
                yield from self._anchored(entry, items, depth)
                continue
            if text or entry.objects:
                yield from _flush(items)
            if text and entry.head is not None:
                yield heading(f"{label} {text}" if label else text, entry.head.level + 1)
            elif text:
                yield paragraph(text)
            yield from self._anchored(entry, items, depth)
        yield from _flush(items)

    def _label(self, entry: Paragraph) -> str | None:
        """A paragraph's printed number, empty for a bullet; None where it has no head."""
        if entry.head is None:
            return None
        return "" if entry.head.kind == "bullet" else self._numbering.label(entry.head.numbering, entry.head.level)

    def _is_heading(self, entry: Paragraph, text: str) -> bool:
        return entry.head is not None and entry.head.kind == "outline" and len(text) <= MAX_HEADING_CHARS

    def _anchored(self, entry: Paragraph, items: ListLines, depth: int) -> Iterator[Block]:
        if entry.objects or entry.notes:
            yield from _flush(items)
        for anchored in entry.objects:
            if isinstance(anchored, Grid):
                yield from self._table(anchored, depth + 1)
            else:
                yield from self.blocks(anchored, depth + 1)
        for mark, content in entry.notes:
            text = _words(content, self._label)
            if text:
                yield paragraph(f"[{mark}]: {text}")

    def _table(self, grid: Grid, depth: int) -> Iterator[Block]:
        """A table of one cell is a frame around its content, which may hold anything."""
        yield from self.blocks(grid.caption, depth)
        if len(grid.cells) == 1:
            yield from self.blocks(grid.cells[0].paragraphs, depth)
            return
        rows: dict[int, dict[int, str]] = {}
        for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.column)):
            text = _words(cell.paragraphs, self._label)
            columns = rows.setdefault(cell.row, {})
            column = min(cell.column, _MAX_COLUMNS)
            columns[column] = f"{columns.get(column, '')} {text}".strip()
        width = 1 + max((column for columns in rows.values() for column in columns), default=0)
        kept = [
            [columns.get(index, "") for index in range(width)] for columns in rows.values() if any(columns.values())
        ]
        if kept:
            yield table(kept)


def _words(paragraphs: list[Paragraph], label: Callable[[Paragraph], str | None]) -> str:
    """Paragraphs and all that is anchored in them on one line."""
    found: list[str] = []
    for entry in paragraphs:
        if entry.text.strip():
            found += [label(entry) or "", entry.text]
        for anchored in entry.objects:
            inner = anchored if isinstance(anchored, list) else [
                *anchored.caption, *(line for cell in anchored.cells for line in cell.paragraphs)
            ]  # fmt: skip
            found.append(_words(inner, label))
        found += [f"[{mark}]: {_words(content, label)}" for mark, content in entry.notes]
    return " ".join(" ".join(found).split())


def _flush(items: ListLines) -> Iterator[Block]:
    if items.lines:
        yield listing(items.take())
