"""A parsed document as units: the smallest pieces that a chunk may be made of, as spans of the parsed text.

A block that fits the budget is one unit. A larger paragraph gives its sentences, a larger list its items (and, of an
item that is itself too large, its sentences), a larger table its rows; code is never cut. A heading belongs to the
unit after it: alone it would say nothing.

A single sentence, row or code block over the budget stays whole, until it is larger than models take: then it is cut
where that does least harm, at a line end, else at white space, and every part says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.text.sentences import split_sentences
from shared.text.tokens import estimate_tokens
from workers.doc_ingest.model import Block, Kind, Parsed
from workers.doc_ingest.pieces import LONGEST_TOKENS, pieces
from workers.doc_ingest.prose import Split, sentence_spans

_LIST_PART = re.compile(
    r"^ *(?P<fence>`{3,}).*?^ *(?P=fence)[ \t]*$|(?P<table>^[ \t]*\|[^\n]*(?:\n[ \t]*\|[^\n]*)*)|^[^\n]+$",
    re.MULTILINE | re.DOTALL,
)
_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(r"^(?:- |\d{1,9}[.)] )", re.MULTILINE)


@dataclass(frozen=True)
class Unit:
    """A span of the parsed text that is never cut. ``header`` is what a table's later rows (or parts of code) need
    before them, ``footer`` what parts of code need after them."""

    start: int
    end: int
    kind: Kind
    section: tuple[str, ...] = ()
    page: int | None = None
    header: str = ""
    footer: str = ""
    headings: int = 0
    """Characters at its start that are the headings above it."""
    cut: bool = False
    """Whether it is a part of something larger than ``LONGEST_TOKENS``."""

    @property
    def body(self) -> int:
        """Where its own text starts, after the headings above it."""
        return self.start + self.headings


def units_of(parsed: Parsed, max_tokens: int, split: Split = split_sentences) -> Iterator[Unit]:
    """Units in order; together they cover the parsed text but for white space."""
    text = parsed.text
    waiting: Unit | None = None  # headings in front of the next unit
    last_level = 0
    for placed in parsed.placed():
        block = placed.block
        if block.kind == "heading":
            if waiting is not None and last_level >= block.level:
                yield waiting  # a section with nothing in it
                waiting = None
            last_level = block.level
        # what stands under a heading is cut so that the heading has room before it
        taken = estimate_tokens(text[waiting.start : placed.start]) if waiting else 0
        for unit in _of_block(block, placed.start, max(max_tokens - taken, max_tokens // 2), split):
            unit = replace(unit, section=placed.section, page=block.page)
            if waiting is not None:
                unit = replace(unit, start=waiting.start, headings=unit.start - waiting.start)
                waiting = None
            if block.kind == "heading":
                waiting = unit
            else:
                yield unit
    if waiting is not None:
        yield waiting


def _of_block(block: Block, start: int, max_tokens: int, split: Split) -> Iterator[Unit]:
    tokens = estimate_tokens(block.text)
    if block.kind == "code" and tokens > LONGEST_TOKENS:
        yield from _code_parts(block.text, start)
    elif block.kind in ("heading", "code") or tokens <= max_tokens:
        yield Unit(start, start + len(block.text), block.kind)
    else:
        for unit in _SPLITS[block.kind](block.text, max_tokens, split):
            yield from _bearable(block.text, start, unit)


def _bearable(text: str, start: int, unit: Unit) -> Iterator[Unit]:
    """The unit at its place in the document; its parts, when it is larger than models take."""
    spans = list(pieces(text, unit.start, unit.end))
    for first, last in spans:
        yield replace(unit, start=start + first, end=start + last, cut=len(spans) > 1)


def _rows(text: str, max_tokens: int, split: Split) -> Iterator[Unit]:
    """The header with the first row, then row by row."""
    spans = [match.span() for match in _LINE.finditer(text)]
    header = text[: spans[1][1]] + "\n"
    yield Unit(0, spans[min(2, len(spans) - 1)][1], "table")
    yield from (Unit(first, last, "table", header=header) for first, last in spans[3:])


def _sentences(text: str, max_tokens: int, split: Split) -> Iterator[Unit]:
    return (Unit(first, last, "paragraph") for first, last in sentence_spans(text, max_tokens, split))


def _items(text: str, max_tokens: int, split: Split) -> Iterator[Unit]:
    starts = [match.start() for match in _ITEM.finditer(text)]
    for first, last in pairwise(sorted({0, *starts, len(text)})):
        item = text[first:last].rstrip()
        if estimate_tokens(item) <= max_tokens:
            yield Unit(first, first + len(item), "list")
        else:
            parts = _item_parts(item, max_tokens, split)
            yield from (replace(part, start=first + part.start, end=first + part.end) for part in parts)


def _item_parts(item: str, max_tokens: int, split: Split) -> Iterator[Unit]:
    """A large item's code whole, its tables whole or by row, its other lines by sentence."""
    for match in _LIST_PART.finditer(item):
        found, at = match.group(), match.start()
        if match["fence"] or (match["table"] and (estimate_tokens(found) <= max_tokens or found.count("\n") < 2)):
            yield Unit(at, match.end(), "list")
            continue
        cut = _rows if match["table"] else _sentences
        for unit in cut(found, max_tokens, split):
            yield replace(unit, kind="list", start=at + unit.start, end=at + unit.end)


_SPLITS = {"table": _rows, "list": _items, "paragraph": _sentences}


def _code_parts(text: str, start: int) -> Iterator[Unit]:
    """Code larger than models take: at line ends, every part in a fence of its own."""
    opening, closing = text[: text.index("\n") + 1], text[text.rindex("\n") :]
    spans = list(pieces(text, 0, len(text)))
    for first, last in spans:
        header, footer = opening if first else "", closing if last < len(text) else ""
        yield Unit(start + first, start + last, "code", header=header, footer=footer, cut=True)
