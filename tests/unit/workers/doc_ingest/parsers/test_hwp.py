from __future__ import annotations

import struct

import pytest

from shared.errors import Rejected
from tests.unit.workers.doc_ingest.compound import compound_file
from tests.unit.workers.doc_ingest.hwp_file import (
    cell,
    control,
    hwp_file,
    numbering,
    para,
    record,
    shape,
    string,
    text_of,
)  # fmt: skip
from workers.doc_ingest import archives
from workers.doc_ingest.parsers.hwp import parse_hwp


def text(section: bytes, info: bytes = b"") -> str:
    return parse_hwp(hwp_file(section, info)).text


def rejected(body: bytes) -> str:
    with pytest.raises(Rejected) as error:
        parse_hwp(body)
    return error.value.code


@pytest.mark.parametrize("flags", [0, 1])
def test_paragraphs_are_read_packed_or_not(flags: int) -> None:
    section = para(0, "요금제를\n변경합니다.\r") + para(0, "가나", "\x18", "다\r")
    assert parse_hwp(hwp_file(section, flags=flags)).text == "요금제를\n변경합니다.\n\n가나-다"


def test_a_tab_takes_up_eight_characters() -> None:
    assert text(para(0, "가", (9, ""), "나\r")) == "가\t나"


def test_the_title_is_that_of_the_summary() -> None:
    assert parse_hwp(hwp_file(para(0, "가"), title="요금제 안내")).title == "요금제 안내"
    assert parse_hwp(hwp_file(para(0, "가"))).title is None


def test_a_long_record_gives_its_size_apart() -> None:
    words = "긴 문단입니다. " * 400
    assert text(para(0, words)) == words.strip()


def test_tables_give_each_cell_once_and_nest() -> None:
    inner = control(3, "tbl ") + record(0x4D, 4) + cell(4, 0, 0, para(4, "안1")) + cell(4, 1, 0, para(4, "안2"))
    table = (
        control(1, "tbl ")
        + record(0x48, 2, bytes(8)) + para(2, "표 제목")
        + record(0x4D, 2)
        + cell(2, 0, 0, para(2, "구분")) + cell(2, 1, 0, para(2, "요금"), para(2, "(원)"))
        + cell(2, 0, 1, para(2, "5G")) + cell(2, 1, 1, para(2, (11, "tbl "), inside=inner))
    )  # fmt: skip
    section = para(0, "앞", (11, "tbl "), "\r", inside=table) + para(0, "뒤\r")
    assert text(section) == "앞\n\n표 제목\n\n| 구분 | 요금 (원) |\n| --- | --- |\n| 5G | 안1 안2 |\n\n뒤"


def test_a_table_of_one_cell_is_a_frame() -> None:
    table = control(1, "tbl ") + record(0x4D, 2) + cell(2, 0, 0, para(2, "하나"), para(2, "둘"))
    assert text(para(0, (11, "tbl "), inside=table)) == "하나\n\n둘"


def test_outline_levels_are_headings_and_numbered_paragraphs_lists() -> None:
    levels = [(0, "^1."), (8, "^2."), (0, "^3)"), (8, "^4)"), (0, "(^5)"), (8, "(^6)"), (1, "^7")]
    info = numbering(*levels) + numbering(*levels) + shape() + shape(1, 0) + shape(1, 1) + shape(2, 0, 2) + shape(3)
    section = (
        para(0, "개요", shape=1, inside=control(1, "secd", struct.pack("<IHHHIH", 0, 0, 0, 0, 0, 1)))
        + para(0, "세부", shape=2) + para(0, "하나", shape=3) + para(0, "둘", shape=3) + para(0, "점", shape=4)
        + para(0, "다음", shape=1) + para(0, "본문", shape=0)
    )  # fmt: skip
    assert text(section, info) == "# 1. 개요\n\n## 가. 세부\n\n1. 하나\n2. 둘\n- 점\n\n# 2. 다음\n\n본문"


def test_notes_boxes_links_and_numbers_are_read_and_headers_are_not() -> None:
    link = control(1, "%hlk", struct.pack("<IB", 0, 0) + string("https\\://x.example/a;1;0;0;"))
    note = (
        control(1, "fn  ")
        + record(0x48, 2, bytes(8))
        + para(2, (18, "atno"), "부가세 포함", inside=control(3, "atno", bytes(8)))
    )
    box = control(1, "gso ") + record(0x4C, 2) + record(0x48, 3, bytes(8)) + para(3, "상자 글")
    head = control(1, "head") + record(0x48, 2, bytes(8)) + para(2, "머리말")
    figure = control(1, "atno", struct.pack("<IH", 3, 7))
    section = para(
        0, "그림 ", (18, "atno"), (16, "head"), (3, "%hlk"), "여기", (4, "%hlk"), "를 보라", (17, "fn  "), (11, "gso "),
        inside=figure + head + link + note + box,
    )  # fmt: skip
    assert text(section) == "그림 7[여기](https://x.example/a)를 보라[^1]\n\n상자 글\n\n[^1]: 부가세 포함"


@pytest.mark.parametrize(("flags", "code"), [(0x2, "encrypted"), (0x4, "encrypted"), (0x10, "encrypted")])
def test_what_is_locked_is_refused(flags: int, code: str) -> None:
    assert rejected(hwp_file(b"", flags=flags)) == code


def test_what_is_broken_is_refused() -> None:
    assert rejected(compound_file({"FileHeader": bytes(256)})) == "corrupt"
    header = hwp_file(b"")
    assert rejected(header[:700]) == "corrupt"
    assert (
        rejected(compound_file({"FileHeader": b"HWP Document File".ljust(36, b"\0") + b"\1\0\0\0", "DocInfo": b"\xff"}))
        == "corrupt"
    )
    assert rejected(hwp_file(record(0x42, 1000))) == "corrupt"


def test_a_stream_that_unpacks_without_end_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    body = hwp_file(para(0, "가" * 100_000))
    monkeypatch.setattr(archives, "MAX_EXPANDED_BYTES", 10_000)
    assert rejected(body) == "archive_bomb"


def test_text_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    whole = para(0, "하나") + para(0, "둘")
    assert text(whole[:-3]) == "하나"
    assert text_of("a", (3, "%hlk"))[2:4] == b"\x03\x00"
