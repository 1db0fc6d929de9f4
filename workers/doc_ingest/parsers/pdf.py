"""PDF through pdfium: text with page numbers; paragraphs and headings by where lines stand and how tall they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pypdfium2

from workers.doc_ingest.model import Block, Parsed, clean
from workers.doc_ingest.parsers.pdf_layout import Line, blocks_of
from workers.doc_ingest.parsers.pdf_links import areas, linked
from workers.doc_ingest.parsers.pdf_outline import by_page, outline, with_headings
from workers.doc_ingest.parsers.pdf_running import without_running_lines
from workers.doc_ingest.rejections import reject

MAX_PAGES = 5000
MAX_LOOKED_AT = 200
"""Pages without text that are looked at for pictures."""
_JUNK_TITLES = ("microsoft word - ", "microsoft powerpoint - ", "untitled")
_PASSWORD_ERROR = "Incorrect password"  # noqa: S105


def parse_pdf(body: bytes) -> Parsed:
    """Raises Rejected: ``encrypted`` (a password is needed to open it), ``needs_ocr``, ``empty`` or ``corrupt``."""
    with closing(_open(body)) as document:
        if len(document) > MAX_PAGES:
            raise reject("too_large", f"the PDF has {len(document):,} pages, over the limit of {MAX_PAGES:,}")
        marks = by_page(outline(document))
        notes: list[str] = []
        pages = [_lines(document, number, notes) for number in range(1, len(document) + 1)]
        if not any(char.isalnum() for lines in pages for line in lines for char in line.text):
            raise _textless(document)
        body_of = enumerate(without_running_lines(pages), start=1)
        marked = (with_headings(lines, marks.get(number, ())) for number, lines in body_of)
        notes += _pictures(document, [number for number, lines in enumerate(pages, start=1) if not lines])
        blocks: list[Block] = list(blocks_of([line for lines in marked for line in lines]))
        return Parsed(blocks, title=_title(document), pages=len(document), notes=notes)


def _open(body: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if _PASSWORD_ERROR in str(error):
            raise reject("encrypted", "the PDF opens only with a password") from None
        raise reject("corrupt", f"the PDF cannot be read ({error})") from None
    if len(document) == 0:
        raise reject("corrupt", "no page of the PDF can be found")
    return document


def _lines(document: pypdfium2.PdfDocument, number: int, notes: list[str]) -> list[Line]:
    """Lines of a page (from 1) in reading order; none of one that cannot be loaded: its neighbours may be sound."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        notes.append(f"Page {number} cannot be loaded.")
        return []
    with closing(page), closing(page.get_textpage()) as textpage:
        lines = list(_text_lines(textpage, number))
        found = areas(document, page) if lines else []
        return linked(lines, found, textpage) if found else lines


def _text_lines(textpage: pypdfium2.PdfTextPage, page: int) -> Iterator[Line]:
    start = 0
    for raw in textpage.get_text_range().split("\n"):
        words = clean(raw).strip()
        if words:
            first = start + len(raw) - len(raw.lstrip())
            yield _placed(textpage, words, page, first, start + len(raw.rstrip()) - 1)
        start += len(raw) + 1


def _placed(textpage: pypdfium2.PdfTextPage, words: str, page: int, first: int, last: int) -> Line:
    """A line with its box, in points from the page's lower left; ``first`` and ``last`` are text indices."""
    boxes = [textpage.get_charbox(index, loose=True) for index in _chars(textpage, first, last)]
    _, bottoms, rights, tops = zip(*boxes, strict=True)
    return Line(words, page, bottom=min(bottoms), right=max(rights), top=max(tops))


def _chars(textpage: pypdfium2.PdfTextPage, first: int, last: int) -> list[int]:
    """Character indices of two text indices: pdfium counts characters that it does not give as text, too."""
    found = [pypdfium2.raw.FPDFText_GetCharIndexFromTextIndex(textpage, index) for index in (first, last)]
    last_char = textpage.count_chars() - 1
    return [min(max(index, 0), last_char) for index in found]


def _pictures(document: pypdfium2.PdfDocument, numbers: list[int]) -> list[str]:
    """A note of the pages, among those without text, that are pictures."""
    found = []
    for number in numbers[:MAX_LOOKED_AT]:
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:
            continue
        with closing(page):
            if next(iter(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])), None) is not None:
                found.append(number)
    named = ", ".join(map(str, found[:10])) + (", …" if len(found) > 10 else "")
    return [f"{len(found)} of {len(document)} pages are pictures without text: {named}."] if found else []


def _textless(document: pypdfium2.PdfDocument) -> Exception:
    wanted = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE, pypdfium2.raw.FPDF_PAGEOBJ_PATH, pypdfium2.raw.FPDF_PAGEOBJ_FORM]
    loaded = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            continue
        loaded += 1
        with closing(page):
            if next(iter(page.get_objects(filter=wanted)), None) is not None:
                return reject("needs_ocr", f"none of the PDF's {len(document)} pages has text in it")
    if loaded == 0:
        return reject("corrupt", "no page of the PDF can be loaded")
    return reject("empty", "the PDF's pages are blank")


def _title(document: pypdfium2.PdfDocument) -> str | None:
    title = clean(document.get_metadata_dict().get("Title", "")).strip()
    return None if title.lower().startswith(_JUNK_TITLES) else title or None
