"""The paragraphs of an HWPX section: runs of text, and the objects that are anchored in them."""

from __future__ import annotations

from lxml import etree

from workers.doc_ingest.parsers.chart import chart_rows
from workers.doc_ingest.parsers.container import Container
from workers.doc_ingest.parsers.hangul_blocks import Cell, Grid, Paragraph
from workers.doc_ingest.parsers.hwpx_header import HwpxHeader
from workers.doc_ingest.parsers.links import link
from workers.doc_ingest.parsers.xml import local_name, number

_CHARACTERS = {"tab": "\t", "lineBreak": "\n", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
_NOT_TEXT = frozenset(["header", "footer", "hiddenComment", "secPr", "linesegarray", "pageNum", "pageHiding", "newNum"])
_CAPTIONED = frozenset(["btn", "checkBtn", "radioBtn"])


class _Line:
    """A paragraph being read: its text, with an open link where one was begun."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[tuple[int, str]] = []
        """(place among the parts, address) of links that have not ended."""

    def begin_link(self, address: str) -> None:
        self.links.append((len(self.parts), address))

    def end_link(self) -> None:
        if self.links:
            place, address = self.links.pop()
            self.parts[place:] = [link("".join(self.parts[place:]), address)]


class HwpxReader:
    """Reads sections in order: tracked deletions and the numbers of notes go on from one to the next."""

    def __init__(self, header: HwpxHeader, container: Container) -> None:
        self._header = header
        self._container = container
        self._outline = ""
        self._deleting: set[str] = set()
        self._notes = {"footNote": 0, "endNote": 0}

    def section(self, root: etree._Element) -> list[Paragraph]:
        for properties in root.iter("{*}secPr"):
            self._outline = properties.get("outlineShapeIDRef", "")
            break
        return self._paragraphs(root)

    def _paragraphs(self, parent: etree._Element) -> list[Paragraph]:
        return [self._paragraph(child) for child in parent if local_name(child) == "p"]

    def _paragraph(self, element: etree._Element) -> Paragraph:
        found = Paragraph("", self._header.head(element.get("paraPrIDRef", ""), self._outline))
        line = _Line()
        for run in element:
            if local_name(run) == "run":
                self._content(run, line, found)
        while line.links:
            line.end_link()
        found.text = "".join(line.parts)
        return found

    def _content(self, parent: etree._Element, line: _Line, found: Paragraph) -> None:
        for child in parent:
            name = local_name(child)
            match name:
                case "t":
                    self._text(child, line)
                case "tbl":
                    found.objects.append(self._table(child))
                case "footNote" | "endNote":
                    self._note(name, child, line, found)
                case "fieldBegin":
                    line.begin_link(_address(child))
                case "fieldEnd":
                    line.end_link()
                case "subList" | "drawText":
                    found.objects.append(self._box(child))
                case "equation":
                    line.parts.append("".join(script.text or "" for script in child.iter("{*}script")))
                case "dutmal":
                    line.parts.append(_dutmal(child))
                case "chart":
                    self._chart(child.get("chartIDRef", ""), found)
                case "switch":
                    self._content(_chosen(child), line, found)
                case "autoNum":
                    line.parts.append(child.get("num", ""))
                case _ if name and name not in _NOT_TEXT:
                    self._other(name, child, line, found)

    def _other(self, name: str, element: etree._Element, line: _Line, found: Paragraph) -> None:
        """Drawings, controls and forms: the words that they bear themselves, then what is inside."""
        own = {"compose": "composeText", "textart": "text"}.get(name, "caption" if name in _CAPTIONED else "")
        if own:
            line.parts.append(element.get(own, ""))
        elif name == "edit":
            line.parts.append("".join(text.text or "" for text in element.iter("{*}text")))
        else:
            self._content(element, line, found)

    def _text(self, element: etree._Element, line: _Line) -> None:
        """Text with marks in it: ``deleteBegin`` to ``deleteEnd`` is what a tracked change has removed."""
        self._add(element.text, line)
        for mark in element:
            name = local_name(mark)
            if name == "deleteBegin":
                self._deleting.add(mark.get("Id", ""))
            elif name == "deleteEnd":
                self._deleting.discard(mark.get("Id", ""))
            elif name in _CHARACTERS:
                self._add(_CHARACTERS[name], line)
            self._add(mark.tail, line)

    def _add(self, text: str | None, line: _Line) -> None:
        if text and not self._deleting:
            line.parts.append(text)

    def _box(self, element: etree._Element) -> list[Paragraph]:
        """The paragraphs of a text box, also those of its lists."""
        own = self._paragraphs(element)
        return own + [line for child in element if local_name(child) == "subList" for line in self._paragraphs(child)]

    def _table(self, element: etree._Element) -> Grid:
        grid = Grid([])
        for child in element:
            if local_name(child) == "caption":
                grid.caption = self._box(child)
        for index, row in enumerate(child for child in element if local_name(child) == "tr"):
            for position, cell in enumerate(child for child in row if local_name(child) == "tc"):
                grid.cells.append(self._cell(cell, index, position))
        return grid

    def _cell(self, element: etree._Element, row: int, column: int) -> Cell:
        for address in element.iterfind("{*}cellAddr"):
            row, column = number(address.get("rowAddr"), row), number(address.get("colAddr"), column)
        return Cell(row, column, self._box(element))

    def _note(self, kind: str, element: etree._Element, line: _Line, found: Paragraph) -> None:
        self._notes[kind] += 1
        mark = f"^{'e' if kind == 'endNote' else ''}{self._notes[kind]}"
        line.parts.append(f"[{mark}]")
        for number_ in list(element.iter("{*}autoNum")):  # the note's own number
            number_.set("num", "")
        found.notes.append((mark, self._box(element)))

    def _chart(self, part: str, found: Paragraph) -> None:
        if part in self._container:
            title, rows = chart_rows(self._container.xml(part))
            cells = [
                Cell(row, column, [Paragraph(text)])
                for row, texts in enumerate(rows)
                for column, text in enumerate(texts)
            ]
            found.objects.append(Grid(cells, [Paragraph(title)]))


def _chosen(switch: etree._Element) -> etree._Element:
    """The first case of a switch that newer readers know, else its default."""
    cases = {local_name(child): child for child in reversed(switch)}
    return cases.get("case", cases.get("default", switch))


def _address(field: etree._Element) -> str:
    """Where a hyperlink leads; empty for other fields and for places in the document itself."""
    if field.get("type") != "HYPERLINK":
        return ""
    values = {entry.get("name"): entry.text or "" for entry in field.iter() if local_name(entry).endswith("Param")}
    address = values.get("Path") or values.get("Command", "").partition(";")[0].replace("\\", "")
    return address if "://" in address or address.startswith("mailto:") else ""


def _dutmal(element: etree._Element) -> str:
    """Words with a gloss over or under them."""
    main, sub = ("".join(part.text or "" for part in element.iter(f"{{*}}{name}")) for name in ("mainText", "subText"))
    return f"{main}({sub})" if sub else main
