"""A Word table as rows of cells: a merged cell stands once, the places it covers are None."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.parsers.docx_xml import is_element, local_name, value, w

_MAX_SPAN = 100


def table_cells(table: etree._Element) -> list[list[etree._Element | None]]:
    """Rows in order, without rows whose deletion is tracked."""
    return [_row(row) for row in _inside(table, "tr") if row.find(f"{w('trPr')}/{w('del')}") is None]


def _row(row: etree._Element) -> list[etree._Element | None]:
    cells: list[etree._Element | None] = []
    for cell in _inside(row, "tc"):
        merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
        continued = merge is not None and merge.get(w("val"), "continue") == "continue"
        cells.append(None if continued else cell)
        cells.extend([None] * (_span(cell) - 1))
    return cells


def _span(cell: etree._Element) -> int:
    span = value(cell, "tcPr/gridSpan") or "1"
    return min(max(int(span), 1), _MAX_SPAN) if span.isdigit() else 1


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also inside content controls; not those of nested tables."""
    for child in parent:
        if not is_element(child):
            continue
        if child.tag == w(name):
            yield child
        elif local_name(child) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _inside(child, name)
