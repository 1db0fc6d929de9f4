"""CSV and TSV: one table, its delimiter found by what cuts the lines evenly."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Parsed, clean
from workers.doc_ingest.parsers.grid import Row, grid_blocks
from workers.doc_ingest.rejections import reject
from workers.doc_ingest.text_types import delimiter_of

_DELIMITERS = "\t;,|"
_HINT = re.compile(r"\ufeff?sep=(.)\n", re.IGNORECASE)
"""What spreadsheet programs write first, to be told the delimiter."""


class _Quoted(csv.excel):
    """Cells that hold a delimiter or a line end stand between quotation marks."""


class _Unquoted(csv.excel):
    quoting = csv.QUOTE_NONE


def parse_csv(body: bytes) -> Parsed:
    """Raises Rejected: ``too_large`` for more cells than a document may have, or one of more than 128 KiB."""
    text = clean(decode(body))
    hint = _HINT.match(text)
    text = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else delimiter_of(text) or max(_DELIMITERS, key=text[:10_000].count)
    try:
        return Parsed(list(grid_blocks(_rows(text, delimiter), "the table")))
    except csv.Error as error:
        raise reject("too_large", f"a cell of the table cannot be read ({error})") from None


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    """Rows with what is in their cells. A quotation mark that nothing closes is taken for a character like others."""
    dialect = _Quoted if _quotes_close(text, delimiter) else _Unquoted
    for cells in csv.reader(io.StringIO(text), dialect, delimiter=delimiter):
        yield {column: cell.strip() for column, cell in enumerate(cells) if cell.strip()}


def _quotes_close(text: str, delimiter: str) -> bool:
    try:
        for _ in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True
