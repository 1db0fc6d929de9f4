"""A Word table as rows of cells: a merged cell stands once, the places it covers are None."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.parsers.docx_xml import children, value, w
from workers.doc_ingest.parsers.xml import number

_MAX_SPAN = 100
_WRAPPERS = frozenset(["sdt", "sdtContent", "customXml", "ins", "moveTo", "AlternateContent"])
_ROW_DELETED = f"{w('trPr')}/{w('del')}"
_CELL_DELETED = f"{w('tcPr')}/{w('cellDel')}"
_MERGES = [f"{w('tcPr')}/{w('vMerge')}", f"{w('tcPr')}/{w('hMerge')}"]


def table_cells(table: etree._Element) -> list[list[etree._Element | None]]:
    """Rows in order, without rows whose deletion is tracked."""
    return [_row(row) for row in _inside(table, "tr") if row.find(_ROW_DELETED) is None]


def _row(row: etree._Element) -> list[etree._Element | None]:
    cells: list[etree._Element | None] = [None] * _span(value(row, "trPr/gridBefore"), least=0)
    for cell in _inside(row, "tc"):
        if cell.find(_CELL_DELETED) is not None:
            continue
        cells.append(None if any(_continues(cell, merge) for merge in _MERGES) else cell)
        cells.extend([None] * (_span(value(cell, "tcPr/gridSpan")) - 1))
    return cells


def _continues(cell: etree._Element, merge: str) -> bool:
    """Whether a cell goes on from the one above or before it, whose text is all that is shown."""
    found = cell.find(merge)
    return found is not None and found.get(w("val"), "continue") == "continue"


def _span(text: str | None, least: int = 1) -> int:
    return min(max(number(text, least), least), _MAX_SPAN)


def _inside(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also inside content controls; not those of nested tables."""
    for name, child in children(parent):
        if name == wanted:
            yield child
        elif name in _WRAPPERS:
            yield from _inside(child, wanted)
