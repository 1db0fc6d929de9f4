"""An HTML table as rows of text: each cell's words once, spanned places empty."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from workers.doc_ingest.parsers.html_inline import collapse, inline

_MAX_SPAN = 100


def table_rows(table: LexborNode) -> list[list[str]]:
    """Rows in order; a cell that spans columns or rows leaves the places it covers empty."""
    rows: list[list[str]] = []
    covered: dict[int, int] = {}  # column -> rows still covered from above
    for row in _own_rows(table):
        cells: list[str] = []
        for cell in row.iter():
            if cell.tag in ("td", "th"):
                _skip_covered(cells, covered)
                _place(cells, covered, cell)
        _skip_covered(cells, covered)
        if any(cells):
            rows.append(cells)
    return rows


def _own_rows(table: LexborNode) -> Iterator[LexborNode]:
    for part in table.iter():
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part.iter() if row.tag == "tr")


def _skip_covered(cells: list[str], covered: dict[int, int]) -> None:
    while covered.get(len(cells), 0) > 0:
        covered[len(cells)] -= 1
        cells.append("")


def _place(cells: list[str], covered: dict[int, int], cell: LexborNode) -> None:
    text = " ".join(collapse(_words(cell)).split("\n"))
    columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
    for column in range(columns):
        covered[len(cells)] = rows - 1
        cells.append(text if column == 0 else "")


def _words(node: LexborNode) -> str:
    """Inline text with a space around blocks, which a cell may hold."""
    return "".join(
        inline(child) if child.tag in ("-text", "a", "code", "b", "i", "em", "strong", "span", "br", "sub", "sup")
        else f" {_words(child)} "
        for child in node.iter(include_text=True)
        if child.tag != "-comment"
    )  # fmt: skip


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() else 1
