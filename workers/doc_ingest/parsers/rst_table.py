"""A docutils table as rows of text: each entry once, the places that it spans empty."""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes


def rows_of(table: nodes.table, cell: Callable[[nodes.Element], str]) -> list[list[str]]:
    """The table's head and body, row by row. A table without a head has its first row as one."""
    rows: list[list[str]] = []
    covered: dict[int, int] = {}  # column -> rows still covered from above
    for row in table.findall(nodes.row):
        if _table_of(row) is table:
            rows.append(_cells(row, covered, cell))
    return [row for row in rows if any(row)]


def _cells(row: nodes.row, covered: dict[int, int], cell: Callable[[nodes.Element], str]) -> list[str]:
    cells: list[str] = []

    def skip() -> None:
        while covered.get(len(cells), 0) > 0:
            covered[len(cells)] -= 1
            cells.append("")

    for entry in row.children:
        skip()
        for column in range(1 + int(entry.get("morecols", 0))):
            covered[len(cells)] = int(entry.get("morerows", 0))
            cells.append(cell(entry) if column == 0 else "")
    skip()
    return cells


def _table_of(node: nodes.Node) -> nodes.Node | None:
    """The table that a row belongs to: tables may hold tables."""
    while node is not None and not isinstance(node, nodes.table):
        node = node.parent
    return node
