"""Rows of cells, as spreadsheets and value files have them, into the tables and paragraphs that people see in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workers.doc_ingest.model import Block, paragraph, table
from workers.doc_ingest.rejections import reject

MAX_CELLS = 500_000
"""Cells with something in them that one document may have: beyond that it is a database and no text."""

MAX_CHARACTERS = 20_000_000
"""What all cells together may show: many cells may share one long string."""

Row = dict[int, str]
"""Column, from 0, -> what the cell shows. Empty cells are left out."""


def grid_blocks(rows: Iterable[Row], what: str) -> Iterator[Block]:
    """A table of each run of rows without an empty one between them; a row with one cell above it is its caption.

    Columns without a value are left out. ``what`` names the sheet in the message of Rejected (``too_large``).
    """
    run: list[Row] = []
    cells = characters = 0
    for row in rows:
        cells += len(row)
        characters += sum(map(len, row.values()))
        if cells > MAX_CELLS:
            raise reject("too_large", f"{what} has more than {MAX_CELLS:,} cells")
        if characters > MAX_CHARACTERS:
            raise reject("too_large", f"{what} shows more than {MAX_CHARACTERS:,} characters")
        if row:
            run.append(row)
        else:
            yield from _run(run)
            run = []
    yield from _run(run)


def _run(rows: list[Row]) -> Iterator[Block]:
    """Rows with one cell before the first with more are text, and all are when there is no wider row."""
    first = next((index for index, row in enumerate(rows) if len(row) > 1), len(rows))
    for row in rows[:first]:
        yield from (paragraph(text) for text in row.values())
    body = rows[first:]
    if body:
        columns = sorted({column for row in body for column in row})
        yield table([[row.get(column, "") for column in columns] for row in body])
