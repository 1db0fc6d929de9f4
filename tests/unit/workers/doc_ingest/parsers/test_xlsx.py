from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from shared.errors import Rejected
from workers.doc_ingest.parsers import grid
from workers.doc_ingest.parsers.xlsx import parse_xlsx
from workers.doc_ingest.parsers.xlsx_format import shown


def saved(book: Workbook) -> bytes:
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def sheet(*rows: list[object], name: str = "Rates") -> Workbook:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


def test_each_sheet_is_a_section_with_its_table_as_shown() -> None:
    book = sheet(["Plan", "Fee", "Since", "Share"], ["5G", 45000, date(2026, 3, 1), 0.125], name="요금제")
    cells = book.active
    cells["B2"].number_format = '#,##0"원"'
    cells["D2"].number_format = "0.0%"
    cells["A2"].hyperlink = "https://x.example/5g"
    book.create_sheet("둘").append([True, 7])
    book.create_sheet("빈")
    assert parse_xlsx(saved(book)).text == (
        "# 요금제\n\n| Plan | Fee | Since | Share |\n| --- | --- | --- | --- |\n"
        "| [5G](https://x.example/5g) | 45,000원 | 2026-03-01 | 12.5% |\n\n# 둘\n\n| TRUE | 7 |\n| --- | --- |"
    )


def test_hidden_sheets_are_left_out_and_named() -> None:
    book = sheet(["a", "b"])
    book.create_sheet("Secret").append(["x", "y"])
    book["Secret"].sheet_state = "hidden"
    parsed = parse_xlsx(saved(book))
    assert "x" not in parsed.text
    assert parsed.notes == ["The sheet Secret is hidden and was left out."]


def test_empty_rows_part_tables_and_captions_are_no_rows() -> None:
    book = sheet(["Caption"], ["a", None, "b"], [1, None, 2], [], ["c", "d"], [3, 4])
    assert parse_xlsx(saved(book)).text == (
        "# Rates\n\nCaption\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c | d |\n| --- | --- |\n| 3 | 4 |"
    )


def test_merged_cells_stand_once_and_far_cells_cost_no_columns_between() -> None:
    book = sheet(["wide", None, "c"], ["d", "e", "f"])
    book.active.merge_cells("A1:B1")
    book.active["XFD2"] = "far"
    assert parse_xlsx(saved(book)).text.split("\n")[2:] == [
        "| wide |  | c |  |", "| --- | --- | --- | --- |", "| d | e | f | far |",
    ]  # fmt: skip


def test_a_formula_that_was_never_computed_shows_nothing_and_is_counted() -> None:
    parsed = parse_xlsx(saved(sheet(["a", "b"], [1, "=A2+1"])))
    assert parsed.text.endswith("| 1 |  |")
    assert parsed.notes == ["Formulas that no spreadsheet program has computed yet, so that they show nothing: 1."]


def test_a_formula_gives_the_value_that_was_computed_last() -> None:
    body = saved(sheet(["a", "b"], [1, "=A2+1"]))
    computed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(computed, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb"<v ?/>|<v></v>", b"<v>2</v>", source.read(name)))
    assert parse_xlsx(computed.getvalue()).text.endswith("| 1 | 2 |")


def test_a_database_is_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_CELLS", 5)
    with pytest.raises(Rejected) as rejected:
        parse_xlsx(saved(sheet([1, 2, 3], [4, 5, 6])))
    assert rejected.value.code == "too_large"
    assert "Rates" in rejected.value.message


def test_one_long_string_in_many_cells_is_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_CHARACTERS", 1000)
    with pytest.raises(Rejected) as rejected:
        parse_xlsx(saved(sheet(["x" * 600, "y"], ["x" * 600, "y"])))
    assert rejected.value.code == "too_large"


def test_an_entity_bomb_in_a_sheet_is_refused() -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(sheet(["a", "b"])))) as source, zipfile.ZipFile(body, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                part = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + part
            target.writestr(name, part)
    with pytest.raises(Rejected) as rejected:
        parse_xlsx(body.getvalue())
    assert rejected.value.code == "corrupt"
    assert "entity bomb" in rejected.value.message


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (45292.5, 'yyyy"년" m"월" d"일"', "2024년 1월 1일"),
        (45292.75, "m/d/yy h:mm AM/PM", "1/1/24 6:00 PM"),
        (45292.25, "오전/오후 h:mm", "오전 6:00"),
        (45292, "[$-412]yyyy-mm-dd;@", "2024-01-01"),
        (45292, "dddd, mmmm dd", "Monday, January 01"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (0.5208333333, "h:mm:ss", "12:30:00"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (1e300, "yyyy", "1e+300"),
        (1234567.891, "#,##0.00_);[Red](#,##0.00)", "1,234,567.89"),
        (-1234.5, "#,##0.00_);[Red](#,##0.00)", "(1,234.50)"),
        (-5, "[$₩-412]#,##0", "-₩5"),
        (0, '0;-0;"-"', "-"),
        (12, "000", "012"),
        (-7, "000", "-007"),
        (1234567, "#,##0,", "1,235"),
        (123456, "0.00E+00", "1.23E+05"),
        (0.5, "# ?/?", "0.5"),
        (3.1, "0.0##", "3.1"),
        (0.1 + 0.2, "General", "0.3"),
        (821012345678, "General", "821012345678"),
        (3, "@", "3"),
        (5, "", "5"),
    ],
)
def test_numbers_are_shown_as_the_format_says(number: float, code: str, text: str) -> None:
    assert shown(number, code) == text


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    assert shown(0, "yyyy-mm-dd", since_1904=True) == "1904-01-01"


@given(st.floats(allow_nan=False, allow_infinity=False), st.text('0#?,.;%Ee+-"[]\\ymdhsAMP/@_*$ 원', max_size=12))
def test_no_number_and_no_format_is_an_error(number: float, code: str) -> None:
    assert isinstance(shown(number, code), str)


@given(st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)))
def test_dates_come_back_as_they_were_entered(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    book = sheet(["when", "at"], [moment, time(moment.hour, moment.minute, moment.second)])
    book.active["A2"].number_format = "yyyy-mm-dd hh:mm:ss"
    row = parse_xlsx(saved(book)).text.split("\n")[-1]
    assert row == f"| {moment:%Y-%m-%d %H:%M:%S} | {moment.hour}:{moment:%M:%S} |"
