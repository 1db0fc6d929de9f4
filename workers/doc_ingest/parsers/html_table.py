"""An HTML table as rows of text: each cell's words once, spanned places empty."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from workers.doc_ingest.parsers.html_inline import MAX_DEPTH, collapse, inline
from workers.doc_ingest.parsers.html_names import INLINES

_MAX_SPAN = 100


def table_rows(table: LexborNode, base: str) -> list[list[str]]:
    """Rows in order; a cell that spans columns or rows leaves the places it covers empty."""
    rows: list[list[str]] = []
    covered: dict[int, int] = {}  # column -> rows still covered from above
    for row in own_rows(table):
        cells: list[str] = []
        for cell in row.iter():
            if cell.tag in ("td", "th"):
                _skip_covered(cells, covered)
                _place(cells, covered, cell, base)
        _skip_covered(cells, covered)
        if any(cells):
            rows.append(cells)
    return rows


def is_layout(table: LexborNode) -> bool:
    """Whether a table arranges a page rather than data: it has one cell, or holds other tables or headings and names
    no column."""
    cells = [cell for row in own_rows(table) for cell in row.iter() if cell.tag in ("td", "th")]
    if len(cells) <= 1:
        return True
    if any(cell.tag == "th" for cell in cells):
        return False
    return any(cell.css_first("table, h1, h2, h3, h4, h5, h6") is not None for cell in cells)


def own_rows(table: LexborNode) -> Iterator[LexborNode]:
    """A table's rows, not those of tables inside it."""
    for part in table.iter():
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part.iter() if row.tag == "tr")


def _skip_covered(cells: list[str], covered: dict[int, int]) -> None:
    while covered.get(len(cells), 0) > 0:
        covered[len(cells)] -= 1
        cells.append("")


def _place(cells: list[str], covered: dict[int, int], cell: LexborNode, base: str) -> None:
    text = " ".join(collapse(_words(cell, base, 0)).split("\n"))
    columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
    for column in range(columns):
        covered[len(cells)] = rows - 1
        cells.append(text if column == 0 else "")


def _words(node: LexborNode, base: str, depth: int) -> str:
    """Inline text with a space around blocks, which a cell may hold."""
    if depth > MAX_DEPTH:
        return node.text(separator=" ")
    return "".join(
        inline(child, base) if child.tag == "-text" or child.tag in INLINES else f" {_words(child, base, depth + 1)} "
        for child in node.iter(include_text=True)
        if child.tag != "-comment"
    )


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(max(int(value[:4]), 1), _MAX_SPAN) if value.isascii() and value.isdigit() else 1
