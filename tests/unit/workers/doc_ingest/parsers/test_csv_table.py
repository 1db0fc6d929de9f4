from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from workers.doc_ingest.parsers import grid
from workers.doc_ingest.parsers.csv_table import parse_csv


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_delimiter_and_charset_are_found(delimiter: str, encoding: str) -> None:
    rows = [["요금제", "기본료", "비고"], ["5G 기본", "45000", "로밍 포함"], ["표준", "33000", "없음"]]
    source = "\r\n".join(delimiter.join(row) for row in rows)
    assert parse_csv(source.encode(encoding)).text == (
        "| 요금제 | 기본료 | 비고 |\n| --- | --- | --- |\n| 5G 기본 | 45000 | 로밍 포함 |\n| 표준 | 33000 | 없음 |"
    )


def test_quoted_cells_hold_delimiters_and_line_ends() -> None:
    assert parse_csv(b'a,b\n"1, 2","x\ny"\n3,4\n').text == "| a | b |\n| --- | --- |\n| 1, 2 | x y |\n| 3 | 4 |"


def test_a_quotation_mark_that_nothing_closes_swallows_no_rows() -> None:
    assert (
        parse_csv(b'size,unit\n5",inch\n"7,cm\n').text == '| size | unit |\n| --- | --- |\n| 5" | inch |\n| "7 | cm |'
    )


def test_a_delimiter_that_the_file_names_counts() -> None:
    assert parse_csv(b"sep=|\r\na,b|c\r\n1,2|3\r\n").text == "| a,b | c |\n| --- | --- |\n| 1,2 | 3 |"


def test_a_database_is_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_CELLS", 3)
    with pytest.raises(Rejected) as rejected:
        parse_csv(b"a,b\n1,2\n")
    assert rejected.value.code == "too_large"


CELLS = st.text("ab 1,;|\"'\n가나", min_size=1, max_size=6).filter(str.strip)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=8))
def test_every_cell_of_a_well_formed_table_stands_in_it_once(rows: list[tuple[str, str, str]]) -> None:
    body = io.StringIO()
    csv.writer(body, delimiter="\t", quoting=csv.QUOTE_ALL).writerows([("x", "y", "z"), *rows])
    found = [
        line[2:-2].replace("\\|", "\0").split(" | ") for line in parse_csv(body.getvalue().encode()).text.split("\n")
    ]
    wanted = [[" ".join(cell.split()).replace("|", "\0") for cell in row] for row in rows]
    assert found[2:] == wanted
