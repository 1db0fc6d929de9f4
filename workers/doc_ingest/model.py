"""A parsed document: blocks in reading order, and the Markdown-like text that they make together.

What a parser delivers. It is a function from bytes to ``Parsed``, one line in ``parsers/registry.py``, that runs in
a child process under limits of time and memory and raises ``Rejected`` (``rejections.reject``) where a code fits;
any other exception makes the document ``corrupt``. It makes blocks only by the five functions below, in reading
order, each with its page where the format has pages, and leaves out no visible text (but running heads and feet):

- ``heading``: by the format's own outline; levels may skip. Sections follow from them, nothing else does.
- ``paragraph``: Markdown text. A link is ``[label](address)`` or ``<address>``, inline code in backticks; a line end
  inside a paragraph is one that its writer made, for a sentence ends there.
- ``listing``: one marker (``- `` or ``1. ``) a line, what belongs to an item indented to its text.
- ``table``: rows of cells, the first being the header (of empty cells where there is none). A merged cell's text
  stands once, in its first place. The chunker cuts between rows and repeats the header: never write one as text.
- ``code``: verbatim, with its language.

What was left out and a person should know of (a page that cannot be loaded, a file in an archive that is no document)
goes to ``notes``. Anything that unpacks uses ``archives.open_archive``, anything that reads XML ``safe_xml.parse_xml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal["heading", "paragraph", "list", "table", "code"]

SEPARATOR = "\n\n"
"""What stands between two blocks in the parsed text."""

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0c\u2028\u2029\x85]")


@dataclass(frozen=True)
class Block:
    """One piece of a document. ``text`` is Markdown: a heading with its ``#``, a table in pipes, code in its fence."""

    kind: Kind
    text: str
    level: int = 0
    """Of a heading, 1 to 6; else 0."""
    page: int | None = None
    """1-based, where the format has pages."""

    @property
    def title(self) -> str:
        """A heading's words, without its ``#``."""
        return self.text.lstrip("#").strip()


@dataclass(frozen=True)
class Placed:
    """A block with its place: offsets into the parsed text, and the headings that it stands under (a heading: itself
    included), outermost first."""

    block: Block
    start: int
    end: int
    section: tuple[str, ...]


@dataclass(frozen=True)
class Parsed:
    """What a parser makes of a document's bytes. ``source`` holds url, title and licence found in front matter,
    ``notes`` what was left out, a sentence each."""

    blocks: list[Block]
    title: str | None = None
    pages: int | None = None
    source: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The parsed (canonical) text, into which a chunk's offsets point."""
        return SEPARATOR.join(block.text for block in self.blocks)

    def placed(self) -> Iterator[Placed]:
        """The blocks in order, with their places."""
        section: list[Block] = []
        start = 0
        for block in self.blocks:
            if block.kind == "heading":
                section = [*(above for above in section if above.level < block.level), block]
            end = start + len(block.text)
            yield Placed(block, start, end, tuple(above.title for above in section))
            start = end + len(SEPARATOR)

    @property
    def best_title(self) -> str | None:
        """Front matter's title, else the format's own, else the first heading of the highest level."""
        headings = [block for block in self.blocks if block.kind == "heading"]
        first = min(headings, key=lambda block: block.level, default=None)
        return self.source.get("title") or self.title or (first.title if first else None)


def clean(text: str) -> str:
    """Text in NFC with ``\\n`` line ends, without control characters and lone surrogates (they break JSON and XML)."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)))


def heading(text: str, level: int, page: int | None = None) -> Block:
    """A heading on one line; levels are kept within 1 to 6."""
    level = min(max(level, 1), 6)
    return Block("heading", f"{'#' * level} {' '.join(clean(text).split())}", level=level, page=page)


def paragraph(text: str, page: int | None = None) -> Block:
    """A paragraph; blank lines inside it are closed, so that it stays one block."""
    lines = (line.rstrip() for line in clean(text).strip().split("\n"))
    return Block("paragraph", "\n".join(line for line in lines if line), page=page)


def listing(text: str, page: int | None = None) -> Block:
    """A list, one marker a line, nested items indented."""
    return Block("list", clean(text).strip("\n"), page=page)


def code(text: str, language: str = "", page: int | None = None) -> Block:
    """Code in a fence longer than any run of backticks inside it."""
    body = clean(text).strip("\n")
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return Block("code", f"{fence}{clean(language).strip()}\n{body}\n{fence}", page=page)


def table(rows: list[list[str]], page: int | None = None) -> Block:
    """A table in pipes; the first row is its header, short rows are filled up. Cells are put on one line each."""
    width = max(len(row) for row in rows)
    header, *body = [_row(row, width) for row in rows]
    return Block("table", "\n".join([header, "|" + " --- |" * width, *body]), page=page)


def _row(cells: list[str], width: int) -> str:
    padded = [*cells, *[""] * (width - len(cells))]
    return "|" + "".join(f" {_cell(cell)} |" for cell in padded)


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(clean(text).split()))
