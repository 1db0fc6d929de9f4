"""What an answer may be made of: the sentences, list items, table rows and commands of a document, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from localcloud.engines.extractive.blocks import Block, split_blocks
from shared.text.sentences import sentences

Kind = Literal["sentence", "item", "step", "row", "code"]

_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_CODE_SPAN = re.compile(r"(`[^`\n]+`)")
_MARKED_CODE = re.compile(r"\*{1,3}(`[^`\n]+`)\*{1,3}")
_MAX_CHARS = 600


@dataclass(frozen=True)
class Candidate:
    """One piece. ``place`` counts within its document; pieces of one list, table or code block share ``block``.

    ``heading`` is the nearest heading above, ``lead`` the line that introduces a list or a command. Rows keep
    their ``headers`` and ``cells``: how a row is put into words depends on the question.
    """

    text: str
    kind: Kind
    place: int
    block: int
    heading: str
    lead: str = ""
    headers: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def candidates(text: str) -> tuple[Candidate, ...]:
    """The pieces of a document's text (Markdown or plain), in reading order; none for an empty text."""
    found: list[Candidate] = []
    for number, block in enumerate(split_blocks(text)):
        for kind, piece, lead, headers, cells in _pieces(block):
            if piece.strip():
                found.append(
                    Candidate(piece[:_MAX_CHARS], kind, len(found), number, plain(block.heading), lead, headers, cells)
                )
    return tuple(found)


def plain(text: str) -> str:
    """Text without Markdown emphasis and link targets; code spans stay as they are."""
    text = _MARKED_CODE.sub(r"\1", text)
    parts = _CODE_SPAN.split(text)
    parts[::2] = [_ITALIC.sub(r"\1", _BOLD.sub(r"\2", _LINK.sub(r"\1", part))) for part in parts[::2]]
    return "".join(parts).strip()


_Piece = tuple[Kind, str, str, tuple[str, ...], tuple[str, ...]]


def _pieces(block: Block) -> Iterator[_Piece]:
    lead = plain(block.lead)
    if block.kind == "table":
        headers = tuple(plain(h) for h in block.headers)
        for row in block.rows:
            cells = tuple(plain(c) for c in row)
            yield "row", " ".join(c for c in cells if c), lead, headers, cells
    elif block.kind == "code":
        for comment, command in _commands(block.lines):
            yield "code", command, comment or lead, (), ()
    elif block.kind in ("item", "step"):
        kind: Kind = "step" if block.kind == "step" else "item"
        for line in block.lines:
            yield kind, plain(line), lead, (), ()
    else:
        for line in block.lines:
            for sentence in sentences(plain(line)):
                yield "sentence", sentence, "", (), ()


def _commands(lines: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(comment above it, command) pairs; a command goes on over indented lines and after a backslash."""
    comment, command = "", ""
    for line in lines:
        if command and (line[:1].isspace() or command.endswith("\\") or line[:1] in "}])"):
            command = f"{command}\n{line}"
            continue
        if command:
            yield comment, command
            comment, command = "", ""
        if line.lstrip().startswith(("# ", "// ")):
            comment = line.lstrip("#/ \t")
        elif line.strip():
            command = line
    if command:
        yield comment, command
