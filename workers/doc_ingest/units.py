"""A parsed document as units: the smallest pieces that a chunk may be made of, as spans of the parsed text.

A block that fits the budget is one unit. A larger paragraph gives its sentences, a larger list its items (and, of an
item that is itself too large, its sentences), a larger table its rows; code is never cut. A heading belongs to the
unit after it: alone it would say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.text.sentences import split_sentences
from shared.text.tokens import estimate_tokens
from workers.doc_ingest.model import SEPARATOR, Block, Kind, Parsed

_LIST_PART = re.compile(r"^ {0,9}(?P<fence>`{3,}).*?^ *(?P=fence)[ \t]*$|^[ \t]*\|.*$|^.+$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(r"^(?:- |\d{1,9}[.)] )", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)|<https?://[^>\s]+>")


@dataclass(frozen=True)
class Unit:
    """A span of the parsed text that is never cut. ``header`` is what a table's later rows need before them."""

    start: int
    end: int
    kind: Kind
    section: tuple[str, ...] = ()
    page: int | None = None
    header: str = ""
    headings: int = 0
    """Characters at its start that are the headings above it."""

    @property
    def body(self) -> int:
        """Where its own text starts, after the headings above it."""
        return self.start + self.headings


def units_of(parsed: Parsed, max_tokens: int) -> Iterator[Unit]:
    """Units in order; together they cover the parsed text but for white space."""
    section: list[tuple[int, str]] = []
    waiting: Unit | None = None  # headings in front of the next unit
    start = 0
    for block in parsed.blocks:
        if block.kind == "heading":
            if waiting is not None and section and section[-1][0] >= block.level:
                yield waiting  # a section with nothing in it
                waiting = None
            section = [entry for entry in section if entry[0] < block.level] + [(block.level, block.title)]
        titles = tuple(title for _, title in section)
        for unit in _of_block(block, start, max_tokens):
            placed = replace(unit, section=titles, page=block.page)
            if waiting is not None:
                placed = replace(placed, start=waiting.start, headings=placed.start - waiting.start)
                waiting = None
            if block.kind == "heading":
                waiting = placed
            else:
                yield placed
        start += len(block.text) + len(SEPARATOR)
    if waiting is not None:
        yield waiting


def _of_block(block: Block, start: int, max_tokens: int) -> Iterator[Unit]:
    if block.kind in ("heading", "code") or estimate_tokens(block.text) <= max_tokens:
        yield Unit(start, start + len(block.text), block.kind)
    elif block.kind == "table":
        yield from _rows(block, start)
    else:
        spans = _items(block.text, max_tokens) if block.kind == "list" else sentence_spans(block.text)
        yield from (Unit(start + first, start + last, block.kind) for first, last in spans)


def _rows(block: Block, start: int) -> Iterator[Unit]:
    """The header with the first row, then row by row."""
    spans = [match.span() for match in _LINE.finditer(block.text)]
    header = block.text[: spans[1][1]] + "\n"
    yield Unit(start, start + spans[min(2, len(spans) - 1)][1], "table")
    yield from (Unit(start + first, start + last, "table", header=header) for first, last in spans[3:])


def _items(text: str, max_tokens: int) -> Iterator[tuple[int, int]]:
    starts = [match.start() for match in _ITEM.finditer(text)]
    bounds = sorted({0, *starts, len(text)})
    for first, last in pairwise(bounds):
        item = text[first:last].rstrip()
        if estimate_tokens(item) <= max_tokens:
            yield first, first + len(item)
        else:
            yield from ((first + a, first + b) for a, b in _parts(item))


def _parts(item: str) -> Iterator[tuple[int, int]]:
    """A large item's code and table rows whole, its other lines by sentence."""
    for match in _LIST_PART.finditer(item):
        if match["fence"] or match.group().lstrip().startswith("|"):
            yield match.span()
        else:
            yield from ((match.start() + a, match.start() + b) for a, b in sentence_spans(match.group()))


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, those that a link spans taken together: a link is never cut."""
    links = [match.span() for match in _LINK.finditer(text)]
    pending: tuple[int, int] | None = None
    for start, end in split_sentences(text):
        pending = (pending[0] if pending else start, end)
        if not any(first < end < last for first, last in links):
            yield pending
            pending = None
    if pending:
        yield pending
