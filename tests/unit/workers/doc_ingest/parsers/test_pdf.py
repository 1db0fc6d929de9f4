from __future__ import annotations

from pathlib import Path

import pytest

from shared.errors import Rejected
from tests.unit.workers.doc_ingest.parsers.small_pdf import Page, small_pdf
from workers.doc_ingest.parsers import pdf as parser
from workers.doc_ingest.parsers.pdf import parse_pdf
from workers.doc_ingest.parsers.pdf_layout import Line, blocks_of
from workers.doc_ingest.parsers.pdf_running import without_running_lines

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


def test_tall_words_within_a_sentence_are_no_heading() -> None:
    body = [line(f"Words of the text, line {n}, up to the end of the line", 500 - 11 * n) for n in range(20)]
    tall = [line("Tighten the nut. Insert", 700, 14), line("the cable until it is even,", 680, 13),
            line("A whole sentence in tall type.", 660, 16), line("A title", 640, 14)]  # fmt: skip
    found = [block.text for block in blocks_of([*tall, *body]) if block.kind == "heading"]
    assert found == ["## A title"]


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    first, second = "the words of a line that is full and that has no end", "and goes on here. Then it is over."
    (only,) = blocks_of([line(first, 60), line(second, 700, right=300, page=2)])
    assert (only.text, only.page) == (f"{first} {second}", 1)
    assert len(list(blocks_of([line(first, 60), line("A new one starts here.", 700, page=2)]))) == 2
    assert len(list(blocks_of([line("It ended here.", 60), line(second, 700, page=2)]))) == 2


def test_running_heads_are_told_once_and_page_numbers_never() -> None:
    pages = [
        [line(f"{n} of 9", 20, page=n), line(f"Handbook of the Network | {n + 2}", 780, page=n),
         line(f"Chapter {n // 2}", 750, page=n),
         *[line(f"Words of page {n}, line {m}", 700 - 12 * m, page=n) for m in range(9)]]
        for n in range(1, 6)
    ]  # fmt: skip
    texts = [[one.text for one in page] for page in without_running_lines(pages)]
    assert texts[0][:2] == ["Handbook of the Network | 3", "Chapter 0"]
    assert [text for page in texts for text in page if "Chapter" in text] == [f"Chapter {n // 2}" for n in range(1, 6)]
    assert "Words of page 2, line 4" in texts[1]
    assert not any("of 9" in text or "Handbook" in text for page in texts[1:] for text in page)


def test_page_numbers_go_though_only_some_pages_print_them_alone() -> None:
    pages = [
        [line(str(n) if n < 4 else f"Foot {n * 7}", 20, page=n), line(f"Words {n}", 700, page=n)] for n in range(1, 13)
    ]
    texts = [one.text for page in without_running_lines(pages) for one in page]
    assert "2" not in texts and "Foot 28" in texts and "Words 1" in texts


def test_what_few_pages_share_stays() -> None:
    pages = [[line("The same head", 780, page=n), line(f"Words {n}", 700, page=n)] for n in (1, 2)]
    assert without_running_lines(pages) == pages


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


BODY = [(50.0, 700.0 - 14 * n, 10.0, f"Line {n} of the text goes on and on until it is wrapped") for n in range(4)]


def test_links_lie_on_their_words() -> None:
    lines = [(50.0, 760.0, 10.0, "See the guide, or https://x.example/a for more."), *BODY]
    links = [
        (69.0, 758.0, 115.0, 770.0, "https://x.example/the guide"),
        (128.0, 758.0, 213.0, 770.0, "https://x.example/a"),
    ]
    text = parse_pdf(small_pdf([Page(lines, links)])).text
    assert text.startswith("See [the guide](https://x.example/the%20guide), or <https://x.example/a> for more.")


def test_a_link_over_two_lines_is_one_and_one_over_no_words_stands_at_the_end() -> None:
    wide = "Everything about this is told in the long and winding handbook of the"
    lines = [(50.0, 760.0, 10.0, wide), (50.0, 748.0, 10.0, "operator, second edition."), *BODY[1:]]
    links = [
        (255.0, 758.0, 400.0, 770.0, "https://x.example/b"), (50.0, 746.0, 88.0, 757.0, "https://x.example/b"),
        (400.0, 100.0, 500.0, 200.0, "https://x.example/logo"),
    ]  # fmt: skip
    blocks = parse_pdf(small_pdf([Page(lines, links)])).blocks
    assert "[winding handbook of the operator](https://x.example/b), second edition." in blocks[0].text
    assert blocks[-1].text.endswith("<https://x.example/logo>")


def test_bookmarks_are_headings_found_on_the_page_or_put_where_they_point() -> None:
    first = Page([(50.0, 760.0, 10.0, "1. Getting started"), *BODY])
    second = Page([(50.0, 760.0 - 14 * n, 10.0, f"Words of page two, line {n}, all in one type") for n in range(5)])
    marks = [("Getting Started", 0, 770.0), ("page 2", 1, 800.0), ("Limits", 1, 740.0)]
    parsed = parse_pdf(small_pdf([first, second], marks))
    assert [(block.text, block.page) for block in parsed.blocks if block.kind == "heading"] == [
        ("# 1. Getting started", 1), ("# Limits", 2),
    ]  # fmt: skip
    limits = next(n for n, block in enumerate(parsed.blocks) if block.text == "# Limits")
    assert "line 1," in parsed.blocks[limits - 1].text
    assert "line 2," in parsed.blocks[limits + 1].text


def test_bookmarks_alone_are_no_text() -> None:
    with pytest.raises(Rejected) as rejected:
        parse_pdf(small_pdf([Page()], [("Chapter one", 0, 700.0)]))
    assert rejected.value.code == "empty"


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "MAX_PAGES", 1)
    with pytest.raises(Rejected) as rejected:
        parse_pdf(small_pdf([Page(BODY), Page(BODY)]))
    assert rejected.value.code == "too_large"
