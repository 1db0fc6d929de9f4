from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pyarrow.parquet
import pytest

from shared.bedrock.families import FAMILIES, STUDENTS
from shared.datasets.formats import FORMATS
from shared.datasets.parquet import GROUP
from shared.datasets.turns import Turns
from tests.unit.shared.datasets.rows import turns

KOREAN = Turns("q1", "짧게.", "질문\u2028<b>", "답", "synthetic", ("https://x.example/a",))

WRITTEN = {
    "converse": '{"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "짧게."}], "messages": ['
    '{"role": "user", "content": [{"text": "질문\u2028<b>"}]}, {"role": "assistant", "content": [{"text": "답"}]}]}\n',
    "claude": '{"system": "짧게.", "messages": [{"role": "user", "content": "질문\u2028<b>"}, '
    '{"role": "assistant", "content": "답"}]}\n',
    "completion": '{"prompt": "짧게.\\n\\n질문\u2028<b>", "completion": "답"}\n',
    "distillation": '{"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "짧게."}], "messages": ['
    '{"role": "user", "content": [{"text": "질문\u2028<b>"}]}]}\n',
    "openai": '{"messages": [{"role": "system", "content": "짧게."}, {"role": "user", "content": "질문\u2028<b>"}, '
    '{"role": "assistant", "content": "답"}]}\n',
    "sharegpt": '{"conversations": [{"from": "system", "value": "짧게."}, {"from": "human", "value": "질문\u2028<b>"}, '
    '{"from": "gpt", "value": "답"}]}\n',
}


def written(format: str, rows: Iterator[Turns]) -> tuple[int, bytes]:
    file = io.BytesIO()
    return FORMATS[format].write(rows, file), file.getvalue()


@pytest.mark.parametrize("format", WRITTEN)
def test_a_row_is_written_in_exactly_these_bytes(format: str) -> None:
    assert written(format, iter([KOREAN])) == (1, WRITTEN[format].encode())


@pytest.mark.parametrize("format", ["openai", "sharegpt"])
def test_chat_formats_have_no_empty_system_turn(format: str) -> None:
    (row,) = json.loads(written(format, iter([Turns("q", "", "Q", "A")]))[1]).values()
    assert len(row) == 2


def test_every_format_that_a_family_takes_is_in_the_table() -> None:
    assert {family.format for family in (*FAMILIES, *STUDENTS)} <= set(FORMATS)
    assert set(FORMATS) == {*WRITTEN, "parquet"}


@pytest.mark.parametrize("format", FORMATS)
def test_no_rows_make_a_file_without_rows(format: str) -> None:
    count, body = written(format, iter([]))
    assert count == 0
    assert (pyarrow.parquet.read_table(io.BytesIO(body)).num_rows == 0) if format == "parquet" else not body


@pytest.mark.parametrize("format", FORMATS)
def test_rows_are_written_as_they_come(format: str) -> None:
    file, sizes = io.BytesIO(), []

    def rows() -> Iterator[Turns]:
        for number in range(4 * GROUP):
            sizes.append(file.tell())
            yield turns(number)

    assert FORMATS[format].write(rows(), file) == len(sizes)
    later = sizes[:: GROUP + 1]
    assert later == sorted(set(later)), "more than a group of rows was held back"


def test_parquet_holds_all_that_is_known_of_a_row_in_plain_columns() -> None:
    _, body = written("parquet", iter([KOREAN, turns(2)]))
    table = pyarrow.parquet.read_table(io.BytesIO(body))
    assert table.column_names == ["id", "kind", "system", "messages", "references"]
    assert table.to_pylist()[0] == {
        "id": "q1", "kind": "synthetic", "system": "짧게.", "references": ["https://x.example/a"],
        "messages": [{"role": "user", "content": "질문\u2028<b>"}, {"role": "assistant", "content": "답"}],
    }  # fmt: skip
