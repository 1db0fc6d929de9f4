"""The paragraphs of an HWP 5 section: text with control characters, and the objects that these stand for."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from workers.doc_ingest.parsers.hangul_blocks import Cell, Grid, Paragraph
from workers.doc_ingest.parsers.hwp_docinfo import DocInfo
from workers.doc_ingest.parsers.hwp_records import (
    CTRL_HEADER,
    EQUATION,
    LIST_HEADER,
    PARA_HEADER,
    PARA_TEXT,
    TABLE,
    Record,
)  # fmt: skip
from workers.doc_ingest.parsers.links import link

_CONTROL_CHARS = 8
"""Characters that a control takes up in the text, its code at both ends included (table 6)."""
_SINGLE = {0: "", 10: "\n", 13: "", 24: "-", 25: "", 26: "", 27: "", 28: "", 29: "", 30: " ", 31: " "}
_TAB, _FIELD_END = 9, 4
_EXTENDED = frozenset([1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23])
"""Controls that have a record of their own."""

_NOT_TEXT = frozenset(["head", "foot", "tcmt", "pgnp", "pghd", "nwno", "cold"])
_NOTES = {"fn  ": "^", "en  ": "^e"}
_OWN_NUMBERS = 3
"""Automatic numbers from this kind on are those of figures, tables and equations; below are pages and notes."""


class HwpReader:
    """Reads sections in order: the numbers of notes go on from one to the next."""

    def __init__(self, info: DocInfo) -> None:
        self._info = info
        self._outline = 1
        self._notes = dict.fromkeys(_NOTES, 0)

    def section(self, records: list[Record]) -> list[Paragraph]:
        return [self._paragraph(record) for record in records if record.tag == PARA_HEADER]

    def _paragraph(self, record: Record) -> Paragraph:
        found = Paragraph("")
        controls = iter([child for child in record.children if child.tag == CTRL_HEADER])
        text = record.child(PARA_TEXT)
        parts: list[str] = []
        links: list[tuple[int, str]] = []
        for code, plain in _pieces(text.data if text else b""):
            if code in _EXTENDED:
                control = next(controls, None)
                if control is not None and code == 3:
                    links.append((len(parts), _address(control)))
                elif control is not None:
                    parts.append(self._control(control, found))
            elif code == _FIELD_END and links:
                place, address = links.pop()
                parts[place:] = [link("".join(parts[place:]), address)]
            else:
                parts.append(plain)
        for control in controls:  # that no character of the text stands for
            parts.append(self._control(control, found))
        found.text = "".join(parts)
        found.head = self._info.head(record.number(8), self._outline)
        return found

    def _control(self, record: Record, found: Paragraph) -> str:
        """What a control shows within the line; what it anchors is added to the paragraph."""
        name = record.data[3::-1].decode("latin-1") if len(record.data) >= 4 else ""
        if name in _NOT_TEXT:
            return ""
        if name == "secd":
            self._outline = record.number(18, default=1)
        elif name == "tbl ":
            found.objects.append(self._table(record))
        elif name in _NOTES:
            return self._note(name, record, found)
        elif name == "atno":
            return str(record.number(8)) if record.number(4, "I") & 0xF >= _OWN_NUMBERS else ""
        elif name == "eqed":
            equation = record.child(EQUATION)
            return equation.string(4) if equation else ""
        elif name == "tdut":
            main = record.string(4)
            return f"{main}({record.string(6 + 2 * record.number(4))})"
        elif name == "tcps":
            return record.string(4)
        else:
            found.objects.append(list(self._inside(record)))
        return ""

    def _inside(self, record: Record) -> Iterator[Paragraph]:
        """All paragraphs under a record, however deep its shapes are grouped."""
        for child in record.children:
            if child.tag == PARA_HEADER:
                yield self._paragraph(child)
            elif child.tag != CTRL_HEADER:
                yield from self._inside(child)

    def _note(self, name: str, record: Record, found: Paragraph) -> str:
        self._notes[name] += 1
        mark = f"{_NOTES[name]}{self._notes[name]}"
        found.notes.append((mark, list(self._inside(record))))
        return f"[{mark}]"

    def _table(self, record: Record) -> Grid:
        """A list header opens a cell, and the paragraphs after it are the cell's; one before the table record opens
        the caption. Older documents nest the paragraphs under the list header."""
        grid = Grid([])
        target = grid.caption
        in_table = False
        for child in record.children:
            if child.tag == TABLE:
                in_table = True
            elif child.tag == LIST_HEADER:
                if in_table:
                    cell = Cell(row=child.number(10), column=child.number(8))
                    grid.cells.append(cell)
                    target = cell.paragraphs
                target.extend(self._inside(child))
            elif child.tag == PARA_HEADER:
                target.append(self._paragraph(child))
        return grid


def _pieces(data: bytes) -> Iterator[tuple[int, str]]:
    """(control code, "") or (0, text) in order."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    start = position = 0
    while position < len(units):
        code = units[position]
        if code >= 32:
            position += 1
            continue
        yield 0, _decoded(data, start, position)
        if code in _SINGLE:
            yield 0, _SINGLE[code]
            position += 1
        else:
            yield (0, "\t") if code == _TAB else (code, "")
            position += _CONTROL_CHARS
        start = position
    yield 0, _decoded(data, start, position)


def _decoded(data: bytes, start: int, end: int) -> str:
    return data[2 * start : 2 * end].decode("utf-16-le", errors="replace")


def _address(control: Record) -> str:
    """Where a hyperlink field leads (``http\\://x;1;0;0;``); empty for other fields and places in the document."""
    if control.data[3::-1] != b"%hlk":
        return ""
    address = control.string(9).partition(";")[0].replace("\\", "")
    return address if "://" in address or address.startswith("mailto:") else ""
