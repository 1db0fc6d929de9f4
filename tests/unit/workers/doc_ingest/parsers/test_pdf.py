from __future__ import annotations

from pathlib import Path

import pytest

from shared.errors import Rejected
from workers.doc_ingest.parsers.pdf import parse_pdf
from workers.doc_ingest.parsers.pdf_layout import Line, blocks_of

EXAMPLES = Path("examples/telco/documents")
FILES = Path("../shared/data/files/py-pdf__pypdf/resources")

needs_files = pytest.mark.skipif(
    not FILES.is_dir(), reason="the real files of ../shared/data are not beside this checkout"
)


def line(text: str, top: float, height: float = 10, right: float = 500, page: int = 1) -> Line:
    return Line(text, page, bottom=top - height, right=right, top=top)


def test_lines_become_headings_paragraphs_and_lists() -> None:
    body = "wrapped words that go on and on to the very end of the line and then"
    lines = [
        line("Big Title", 700, 20), line(body, 670), line("continue here.", 659, right=120), line(body, 630),
        line("• first", 600), line("goes on", 589, right=80), line("• second", 578), line("Section", 540, 15),
        line("Last words.", 520), line("Next page.", 700, page=2),
    ]  # fmt: skip
    found = list(blocks_of(lines))
    assert [(block.kind, block.page) for block in found] == [
        ("heading", 1), ("paragraph", 1), ("paragraph", 1), ("list", 1), ("heading", 1), ("paragraph", 1),
        ("paragraph", 2),
    ]  # fmt: skip
    assert found[0].text == "# Big Title"
    assert found[1].text == f"{body} continue here."
    assert found[3].text == "- first goes on\n- second"
    assert found[4].text == "## Section"


def test_a_short_line_ends_where_its_writer_ended_it() -> None:
    (only,) = blocks_of([line("Name Ada", 600, right=90), line("Role Admin", 589, right=90), line("x" * 80, 578)])
    assert only.text == f"Name Ada\nRole Admin\n{'x' * 80}"


def test_a_korean_pdf_has_text_headings_and_pages() -> None:
    parsed = parse_pdf((EXAMPLES / "network/ko-base-station-alarms.pdf").read_bytes())
    assert parsed.best_title == "기지국 경보 처리"
    assert parsed.pages == 2
    assert [block.page for block in parsed.blocks] == sorted(block.page or 0 for block in parsed.blocks)
    assert "## 1. 사이트 식별과 경보 코드" in [block.text for block in parsed.blocks]


@needs_files
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("encryption/r6-user-password.pdf", "encrypted"),
        ("encrypted_doc_no_id.pdf", "needs_ocr"),
        ("issue-3850-1bit-indexed-flate.pdf", "needs_ocr"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(name: str, code: str) -> None:
    with pytest.raises(Rejected) as rejected:
        parse_pdf((FILES / name).read_bytes())
    assert rejected.value.code == code


@needs_files
def test_an_empty_password_opens_by_itself() -> None:
    assert "encryption test" in parse_pdf((FILES / "encryption/r6-empty-password.pdf").read_bytes()).text


@needs_files
def test_words_hyphenated_at_line_ends_are_joined() -> None:
    assert "dangerous for" in parse_pdf((FILES / "Seige_of_Vicksburg_Sample_OCR.pdf").read_bytes()).text


def test_a_broken_pdf_is_corrupt() -> None:
    with pytest.raises(Rejected) as rejected:
        parse_pdf(b"%PDF-1.7 nothing more")
    assert rejected.value.code == "corrupt"
