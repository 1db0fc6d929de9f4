"""Documents of every format, torn and garbled: each is ingested or rejected, and never anything else."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.recipe import Chunking
from shared.errors import Rejected
from tests.unit.workers.doc_ingest.hwp_file import cell, control, hwp_file, numbering, para, record, shape
from workers.doc_ingest.detect import media_type
from workers.doc_ingest.ingest import ingest
from workers.doc_ingest.parsers.registry import PARSERS
from workers.doc_ingest.rejections import REMEDIES


def saved(document: object) -> bytes:
    body = io.BytesIO()
    document.save(body)  # type: ignore[attr-defined]
    return body.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Guide", 1)
    document.add_paragraph("One", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "cell"
    return saved(document)


def slides() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Title"
    slide.notes_slide.notes_text_frame.text = "Note"
    return saved(deck)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["a", 1.5, True])
    return saved(book)


def hangul() -> bytes:
    table = control(1, "tbl ") + record(0x4D, 2) + cell(2, 0, 0, para(2, "가")) + cell(2, 1, 0, para(2, "나"))
    levels = [(0, "^1.")] * 7
    section = para(0, "요금제", shape=1) + para(0, (11, "tbl "), (3, "%hlk"), "x", (4, "%hlk"), inside=table)
    return hwp_file(section, numbering(*levels) + shape() + shape(1, 0, 1), flags=0)


def packed(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return body.getvalue()


def stored(body: bytes) -> bytes:
    """The same container unpacked inside, so that garbled bytes reach the XML and not the checksum alone."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()}, zipfile.ZIP_STORED)


OWPML = (
    '<hs:sec xmlns:hp="p" xmlns:hs="s"><hp:p paraPrIDRef="1"><hp:run><hp:t>가<hp:tab/>나</hp:t><hp:tbl><hp:tr><hp:tc>'
    "<hp:subList><hp:p><hp:run><hp:t>다</hp:t></hp:run></hp:p></hp:subList>"
    '<hp:cellAddr colAddr="0" rowAddr="0"/></hp:tc></hp:tr></hp:tbl></hp:run></hp:p></hs:sec>'
)
MARKDOWN = (
    b"---\ntitle: x\n---\n# T\n\n- a\n  1. b\n\n| a |\n|---|\n\n```py\nx\n```\n\n<Tabs label='x'>\n\n!!! note\n    y\n"
)
RST = (
    b"T\n=\n\n.. note::\n   x :ref:`y` |z|\n\n+---+\n| a |\n+---+\n\n.. |z| replace:: w\n\n"
    b".. code-block:: sh\n\n   ls\n"
)
SAMPLES = {
    "a.docx": word(),
    "a.pptx": slides(),
    "a.xlsx": workbook(),
    "a.hwp": hangul(),
    "a.hwpx": packed({"mimetype": "application/hwp+zip", "Contents/section0.xml": OWPML}),
    "a.zip": packed({"a.md": "# T\n\ntext", "b.docx": word()}),
    "a.md": MARKDOWN,
    "a.rst": RST,
    "a.html": b"<html><main><h1>T</h1><table><tr><td rowspan=2>a<td>b</table><ul><li>x<pre>y</pre></main><script>",
    "a.csv": '이름,요금\n5G,"45,000"\nLTE,1\n'.encode("cp949"),
    "a.txt": "요금제를 변경합니다.\n\n둘".encode("utf-16-le"),
    "a.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>",
}


def outcome(name: str, body: bytes) -> str:
    """``ingested`` or the code of the rejection; any other exception fails the test."""
    try:
        found = ingest(name, body, Chunking())
    except Rejected as error:
        assert error.code in REMEDIES
        return error.code
    assert found.chunks
    return "ingested"


def test_there_is_a_sample_of_every_format() -> None:
    assert {media_type(name, body) for name, body in SAMPLES.items()} == set(PARSERS)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "a.pdf"])
def test_the_samples_themselves_are_ingested(name: str) -> None:
    assert outcome(name, SAMPLES[name]) == "ingested"


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
@settings(max_examples=40)
def test_a_torn_document_is_ingested_or_rejected(name: str, data: st.DataObject) -> None:
    body = SAMPLES[name]
    assert outcome(name, body[: data.draw(st.integers(0, len(body) - 1))])


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
@settings(max_examples=40)
def test_a_garbled_document_is_ingested_or_rejected(name: str, data: st.DataObject) -> None:
    body = bytearray(stored(SAMPLES[name]) if SAMPLES[name].startswith(b"PK") else SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    assert outcome(name, bytes(body))


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.hwpx"])
@given(data=st.data())
@settings(max_examples=40)
def test_a_package_with_one_part_missing_or_foreign_is_ingested_or_rejected(name: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(SAMPLES[name])) as archive:
        parts: dict[str, bytes | str] = {part: archive.read(part) for part in archive.namelist()}
    part = data.draw(st.sampled_from(sorted(parts)))
    foreign = data.draw(
        st.sampled_from([None, b"", b"<a/>", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe"])
    )
    if foreign is None:
        del parts[part]
    else:
        parts[part] = foreign
    assert outcome(name, packed(parts))


@given(st.sampled_from(sorted(SAMPLES)), st.binary(max_size=400))
def test_any_bytes_under_any_name_are_ingested_or_rejected(name: str, body: bytes) -> None:
    assert outcome(name, body)
    assert outcome(name, SAMPLES["a.hwp"][:512] + body)


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("a.mdx", ":"), ("a.mdx", "[a]("), ("a.mdx", "<Aa b={"), ("a.mdx", "<Aa>\n`a``b"), ("a.md", "**a"),
        ("a.md", "<!--"), ("a.rst", ":a"), ("a.rst", "`a <"), ("a.rst", "- "), ("a.html", "<!--a-->"),
        ("a.html", "<a href=x>"), ("a.csv", '"'), ("a.txt", "a-"), ("a.txt", "=\n"),
    ],
)  # fmt: skip
def test_a_sign_repeated_without_end_is_read_in_its_time(name: str, piece: str) -> None:
    """What takes a search that starts anew at every sign minutes is over within the test's time limit."""
    assert outcome(name, ("Text.\n\n" + piece * 8_000 + "\n").encode())
