"""Parquet as Hugging Face ``datasets`` loads it: ``load_dataset("parquet", data_files=…)``. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from shared.datasets.turns import Turns
from shared.errors import BadInput

MAGIC = b"PAR1"
GROUP = 500
"""Rows in memory at a time, and in a row group."""


class Unreadable(Exception):
    """Raised when a file that begins as Parquet cannot be read; says why."""


def write(rows: Iterable[Turns], file: IO[bytes]) -> int:
    """Columns: id, kind, system (texts), messages (role and content; user, then assistant), references (texts)."""
    pa = _pyarrow()
    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    schema = pa.schema([
        ("id", pa.string()), ("kind", pa.string()), ("system", pa.string()), ("messages", pa.list_(message)),
        ("references", pa.list_(pa.string())),
    ])  # fmt: skip
    remaining, written = iter(rows), 0
    with pa.parquet.ParquetWriter(file, schema) as writer:
        while group := [_row(turns) for turns in islice(remaining, GROUP)]:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            written += len(group)
    return written


def read(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The rows, with the columns that are not null. Raises Unreadable."""
    pa = _pyarrow()
    try:
        for batch in pa.parquet.ParquetFile(file).iter_batches(batch_size=GROUP):
            for row in batch.to_pylist():
                yield {name: value for name, value in row.items() if value is not None}
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(str(error)) from None


def _row(turns: Turns) -> dict[str, Any]:
    said = [{"role": "user", "content": turns.user}, {"role": "assistant", "content": turns.assistant}]
    return {
        "id": turns.id, "kind": turns.kind, "system": turns.system, "messages": said,
        "references": list(turns.references),
    }  # fmt: skip


def _pyarrow() -> Any:
    """Imported when first needed: it is large, and only this format wants it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        message = f"Parquet needs {error.name}, which is not installed; pip install 'groundtune[dataset-builder]'"
        raise BadInput(message) from None
    return pyarrow
