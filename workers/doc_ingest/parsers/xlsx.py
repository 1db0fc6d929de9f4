"""XLSX: each sheet's cells as tables, with dates and numbers as the spreadsheet shows them.

A formula gives the value that was last computed. Hidden sheets are left out, and a note says so; hidden rows and
columns are kept, for a filter hides them, too. Charts, pictures and comments are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.model import Block, Parsed, heading
from workers.doc_ingest.parsers.grid import MAX_CELLS, Row, grid_blocks
from workers.doc_ingest.parsers.links import link
from workers.doc_ingest.parsers.package import Package, R
from workers.doc_ingest.parsers.xlsx_styles import NumberFormats, S
from workers.doc_ingest.parsers.xml import local_name, parse_xml, transitional
from workers.doc_ingest.rejections import reject

_ROW, _CELL, _VALUE, _FORMULA, _INLINE, _TEXT = (f"{S}{name}" for name in ("row", "c", "v", "f", "is", "t"))
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a string writes a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def parse_xlsx(body: bytes) -> Parsed:
    """Raises Rejected: ``too_large`` for more cells than a document may have, ``corrupt`` when it cannot be read."""
    package = Package(body)
    main = package.main_part()
    book = package.xml(main)
    relations = package.relations(main)
    reader = _Reader(package, main, book)
    blocks: list[Block] = []
    notes: list[str] = []
    for sheet in book.iterfind(f"{S}sheets/{S}sheet"):
        name = sheet.get("name", "")
        relation = relations.get(sheet.get(f"{{{R}}}id", ""))
        if sheet.get("state", "visible") != "visible":
            notes.append(f"The sheet {name} is hidden and was left out.")
        elif relation is not None and relation.kind == "worksheet":
            blocks += _under(name, reader.blocks(relation.target, name))
    return Parsed(blocks, title=package.title(), notes=[*notes, *reader.notes()])


def _under(name: str, blocks: Iterator[Block]) -> list[Block]:
    """A sheet's blocks under its name; nothing of an empty sheet."""
    found = list(blocks)
    return [heading(name, 1), *found] if found and name.strip() else found


class _Reader:
    """Reads the sheets of one workbook, which share their strings and number formats."""

    def __init__(self, package: Package, main: str, book: etree._Element) -> None:
        self._package = package
        strings = package.related_xml(main, "sharedStrings")
        self._strings = [] if strings is None else [_text(entry) for entry in strings]
        properties = book.find(f"{S}workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._uncomputed = 0
        self._formats = NumberFormats(package.related_xml(main, "styles"), since_1904)

    def notes(self) -> list[str]:
        """What could not be shown of the sheets read so far."""
        if not self._uncomputed:
            return []
        return [
            f"Formulas that no spreadsheet program has computed yet, so that they show nothing: {self._uncomputed:,}."
        ]

    def blocks(self, part: str, name: str) -> Iterator[Block]:
        return grid_blocks(self._rows(part), f"the sheet {name}")

    def _rows(self, part: str) -> Iterator[Row]:
        """Rows in order, an empty one for each gap. The sheet is read row by row: it may be large."""
        body = transitional(self._package.read(part))
        links = self._links(body, part)
        last = 0
        for row in _row_elements(body, part):
            place = row.get("r", "")
            index = int(place) if place.isdigit() else last + 1
            cells = self._cells(row, links)
            if index > last + 1:
                yield {}
            yield cells
            last = index

    def _cells(self, row: etree._Element, links: dict[str, str]) -> Row:
        cells: Row = {}
        column = -1
        for cell in row.iterchildren(_CELL):
            place = cell.get("r", "")
            match = _REFERENCE.fullmatch(place)
            column = _column(match[1]) if match else column + 1
            text = self._shown(cell).strip()
            if text:
                cells[column] = link(text, links[place]) if place in links else text
        return cells

    def _shown(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(_INLINE)
            return "" if inline is None else _text(inline)
        value = cell.findtext(_VALUE) or ""
        if not value and cell.find(_FORMULA) is not None:
            self._uncomputed += 1
        if kind == "s":
            return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._formats.shown(value, cell.get("s")) if kind == "n" and value else value

    def _links(self, body: bytes, part: str) -> dict[str, str]:
        """Cell -> the address that it links to. Of a large sheet the list is not looked for."""
        if b"hyperlink " not in body or len(body) > 32 * MAX_CELLS:
            return {}
        relations = self._package.relations(part)
        found = {}
        for entry in parse_xml(body, part).iterfind(f"{S}hyperlinks/{S}hyperlink"):
            relation = relations.get(entry.get(f"{{{R}}}id", ""))
            if relation is not None and relation.external:
                found[entry.get("ref", "").partition(":")[0]] = relation.target
        return found


def _row_elements(body: bytes, part: str) -> Iterator[etree._Element]:
    """The rows of a sheet, each freed once it was read. Raises Rejected as ``parse_xml`` does."""
    events = etree.iterparse(
        io.BytesIO(body), tag=_ROW, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for _, row in events:
            if row.getroottree().docinfo.internalDTD is not None:
                raise reject("corrupt", f"{part} declares a document type, which may hide an entity bomb")
            yield row
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise reject("corrupt", f"{part} is not well-formed XML ({error})") from None


def _text(entry: etree._Element) -> str:
    """A string's words; how they are pronounced (``rPh``) is left out."""
    words = "".join(text.text or "" for text in entry.iter(_TEXT) if local_name(text.getparent()) != "rPh")
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), words) if "_x" in words else words


def _column(letters: str) -> int:
    """A to 0, AA to 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
