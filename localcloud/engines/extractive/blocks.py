"""A document's text cut into blocks: paragraphs, lists, tables, code, each under its heading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["text", "item", "step", "table", "code"]

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^\s*[-*•·▪◦+]\s+(.*)$")
_STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[①-⑳])\s*(?=\D)(.*)$")
_FENCE = re.compile(r"^\s*(```+|~~~+)")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_RULE = re.compile(r"^[\s|:\-]+$")
_SENTENCE_END = re.compile(r"[.!?…。:;][\"'”’)\]*`]*$")
_HEADING_WORDS = 12
_WRAPPED_CHARS = 50
"""A line at least this long that stops in mid-sentence was wrapped, and goes on in the next one."""


@dataclass(frozen=True)
class Block:
    """``lines`` for all but tables; ``headers`` and ``rows`` for tables; ``lead`` is the line right above a list."""

    kind: BlockKind
    heading: str
    lines: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lead: str = ""


@dataclass
class _Open:
    kind: BlockKind = "text"
    lines: list[str] = field(default_factory=list)


def split_blocks(text: str) -> list[Block]:
    """The blocks in order. Never raises: what is no known structure is a paragraph."""
    return _Splitter().run(text.split("\n"))


class _Splitter:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.heading = ""
        self.lead = ""
        self.open = _Open()

    def run(self, lines: list[str]) -> list[Block]:
        lines = self._take_title(lines)
        fence = ""
        for line in lines:
            mark = _FENCE.match(line)
            if mark and (not fence or mark[1].startswith(fence)):
                self._close()
                fence = "" if fence else mark[1]
            elif fence:
                self._add("code", line)
            else:
                self._line(line)
        self._close()
        return self.blocks

    def _take_title(self, lines: list[str]) -> list[str]:
        """A short first line that ends no sentence, with text after it, is the heading of plain text."""
        body = [i for i, line in enumerate(lines) if line.strip()]
        if len(body) < 2:
            return lines
        first = lines[body[0]].strip()
        special = any(p.match(first) for p in (_HEADING, _ITEM, _STEP, _FENCE, _ROW))
        goes_on = body[1] == body[0] + 1 and lines[body[1]][:1].islower()
        if special or goes_on or _SENTENCE_END.search(first) or len(first.split()) > _HEADING_WORDS:
            return lines
        self.heading = first
        return lines[body[0] + 1 :]

    def _line(self, line: str) -> None:
        if not line.strip():
            if self.open.kind not in ("item", "step"):
                self._close()
        elif heading := _HEADING.match(line):
            self._close()
            self.heading, self.lead = heading[1], ""
        elif row := _ROW.match(line):
            self._add("table", row[1])
        elif step := _STEP.match(line):
            self._add("step", step[1])
        elif item := _ITEM.match(line):
            self._add("item", item[1])
        elif self.open.kind in ("item", "step") and line[:1].isspace():
            self.open.lines[-1] += " " + line.strip()
        else:
            self._paragraph(line.strip())

    def _paragraph(self, line: str) -> None:
        last = self.open.lines[-1] if self.open.kind == "text" and self.open.lines else ""
        if len(last) >= _WRAPPED_CHARS and not _SENTENCE_END.search(last):
            self.open.lines[-1] = f"{last} {line}"
        else:
            self._add("text", line)

    def _add(self, kind: BlockKind, line: str) -> None:
        if self.open.kind != kind:
            self._close()
            self.open = _Open(kind)
        self.open.lines.append(line)

    def _close(self) -> None:
        kind, lines = self.open.kind, self.open.lines
        self.open = _Open()
        if not any(line.strip() for line in lines):
            return
        if kind == "table":
            self.blocks.append(_table(lines, self.heading, self.lead))
        else:
            self.blocks.append(Block(kind, self.heading, tuple(lines), lead="" if kind == "text" else self.lead))
        self.lead = lines[-1] if kind == "text" else ""


def _table(lines: list[str], heading: str, lead: str) -> Block:
    cut = [_cells(line) for line in lines if not _RULE.match(line)]
    ruled = len(lines) > 1 and bool(_RULE.match(lines[1]))
    headers, rows = (cut[0], cut[1:]) if ruled and cut else ((), cut)
    return Block("table", heading, headers=tuple(headers), rows=tuple(tuple(row) for row in rows), lead=lead)


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)]
