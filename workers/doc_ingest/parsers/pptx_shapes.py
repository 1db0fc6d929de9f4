"""What stands on a slide: text as paragraphs and lists, tables, charts and diagrams as what they say."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.model import Block, listing, paragraph, table
from workers.doc_ingest.parsers.chart import chart_rows
from workers.doc_ingest.parsers.links import link
from workers.doc_ingest.parsers.list_lines import ListLines
from workers.doc_ingest.parsers.ordinals import ordinal
from workers.doc_ingest.parsers.package import Package, R
from workers.doc_ingest.parsers.xml import local_name, number

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"

_TITLES = frozenset(["title", "ctrTitle"])
_ON_EVERY_SLIDE = frozenset(["dt", "ftr", "sldNum", "hdr"])
_BULLETED = frozenset(["body", "obj"])
"""Placeholders whose paragraphs are list items unless they say otherwise."""
_AUTO_NUMBERS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}


def shapes_of(tree: etree._Element) -> Iterator[etree._Element]:
    """Shapes in the order in which they are drawn, groups opened, alternate content once."""
    for child in tree:
        name = local_name(child)
        if name == "grpSp":
            yield from shapes_of(child)
        elif name == "AlternateContent":
            chosen = next(iter(child), None)
            if chosen is not None:
                yield from shapes_of(chosen)
        elif name in ("sp", "graphicFrame") and placeholder(child) not in _ON_EVERY_SLIDE:
            yield child


def placeholder(shape: etree._Element) -> str | None:
    """The kind of placeholder that a shape fills; None when it fills none."""
    found = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return None if found is None else found.get("type", "obj")


def is_title(shape: etree._Element) -> bool:
    return placeholder(shape) in _TITLES


def shape_text(shape: etree._Element) -> str:
    """A shape's paragraphs on lines of their own, without links."""
    return "\n".join(_words(element, {}) for element in shape.iterfind(f"{P}txBody/{A}p"))


class Shapes:
    """Reads the shapes of one slide."""

    def __init__(self, package: Package, part: str, page: int) -> None:
        self._package = package
        self._part = part
        self._relations = package.relations(part)
        self._addresses = {name: found.target for name, found in self._relations.items() if found.external}
        self._page = page

    def blocks(self, shape: etree._Element) -> Iterator[Block]:
        if local_name(shape) == "sp":
            yield from self._text(shape.iterfind(f"{P}txBody/{A}p"), placeholder(shape) in _BULLETED)
            return
        for data in shape.iterfind(f"{A}graphic/{A}graphicData/*"):
            match local_name(data):
                case "tbl":
                    yield from self._table(_rows(data, self._addresses))
                case "chart":
                    yield from self._chart(data.get(f"{{{R}}}id", ""))
                case "relIds":
                    yield from self._diagram(data.get(f"{{{R}}}dm", ""))

    def _text(self, paragraphs: Iterator[etree._Element], bulleted: bool) -> Iterator[Block]:
        """Neighbouring list items as one list. One paragraph alone in a placeholder is no list."""
        elements = [element for element in paragraphs if _words(element, {}).strip()]
        bulleted = bulleted and len(elements) > 1
        items, counter = ListLines(), _Counter()
        for element in elements:
            text = _words(element, self._addresses).strip()
            label = counter.label(element, bulleted)
            if label is not None:
                items.add(number(_property(element, "lvl")), label, text)
                continue
            yield from self._list(items)
            yield paragraph(text, self._page)
        yield from self._list(items)

    def _list(self, items: ListLines) -> Iterator[Block]:
        if items.lines:
            yield listing(items.take(), self._page)

    def _table(self, rows: list[list[str]]) -> Iterator[Block]:
        kept = [row for row in rows if any(row)]
        if kept:
            yield table(kept, self._page)

    def _chart(self, identity: str) -> Iterator[Block]:
        relation = self._relations.get(identity)
        if relation is not None and relation.target in self._package:
            title, rows = chart_rows(self._package.xml(relation.target))
            if title:
                yield paragraph(title, self._page)
            yield from self._table(rows)

    def _diagram(self, identity: str) -> Iterator[Block]:
        """The texts of a SmartArt diagram, in the order in which they were entered."""
        relation = self._relations.get(identity)
        if relation is not None and relation.target in self._package:
            root = self._package.xml(relation.target)
            texts = [_words(element, {}).strip() for element in root.iter(f"{A}p")]
            if any(texts):
                yield listing("\n".join(f"- {text}" for text in texts if text), self._page)


class _Counter:
    """Counts automatically numbered paragraphs, level by level."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def label(self, element: etree._Element, bulleted: bool) -> str | None:
        """A paragraph's number, empty for a bullet; None when it is no list item."""
        properties = element.find(f"{A}pPr")
        level = number(_property(element, "lvl"))
        for deeper in [known for known in self._counts if known > level]:
            del self._counts[deeper]
        auto = None if properties is None else properties.find(f"{A}buAutoNum")
        if auto is not None:
            self._counts[level] = self._counts.get(level, number(auto.get("startAt"), 1) - 1) + 1
            return _auto_number(self._counts[level], auto.get("type", ""))
        self._counts.pop(level, None)
        if properties is not None and properties.find(f"{A}buNone") is not None:
            return None
        own = properties is not None and properties.find(f"{A}buChar") is not None
        return "" if own or bulleted else None


def _auto_number(count: int, kind: str) -> str:
    for start, style in _AUTO_NUMBERS.items():
        if kind.startswith(start):
            end = ")" if "Paren" in kind else "."
            return ("(" if kind.endswith("ParenBoth") else "") + ordinal(count, style) + end
    return f"{count}."


def _property(element: etree._Element, name: str) -> str | None:
    properties = element.find(f"{A}pPr")
    return None if properties is None else properties.get(name)


def _rows(element: etree._Element, addresses: dict[str, str]) -> list[list[str]]:
    """A table's rows; the places that a merged cell covers are empty."""
    return [
        ["" if _is_covered(cell) else _cell(cell, addresses) for cell in row.iterfind(f"{A}tc")]
        for row in element.iterfind(f"{A}tr")
    ]


def _is_covered(cell: etree._Element) -> bool:
    return any(cell.get(merge) in ("1", "true") for merge in ("hMerge", "vMerge"))


def _cell(cell: etree._Element, addresses: dict[str, str]) -> str:
    return " ".join(_words(element, addresses) for element in cell.iterfind(f"{A}txBody/{A}p")).strip()


def _words(element: etree._Element, addresses: dict[str, str]) -> str:
    """A paragraph's runs, those with a hyperlink as Markdown links."""
    found = []
    for run in element:
        name = local_name(run)
        if name == "br":
            found.append("\n")
        elif name == "r" or (name == "fld" and run.get("type") != "slidenum"):
            text = run.findtext(f"{A}t") or ""
            click = run.find(f"{A}rPr/{A}hlinkClick")
            address = addresses.get(click.get(f"{{{R}}}id", ""), "") if click is not None else ""
            found.append(link(text, address) if address else text)
        elif name in ("AlternateContent", "m"):
            found.append("".join(text.text or "" for text in run.iter() if local_name(text) == "t"))
    return "".join(found)
