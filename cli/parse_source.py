"""A document as its maker sees it, as far as that can be shown without the program that made it."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from html import escape

import pypdfium2
from lxml import etree

from workers.doc_ingest.decode import decode, is_text
from workers.doc_ingest.png import page_png
from workers.doc_ingest.safe_xml import parse_xml

MAX_PAGES = 20
"""Pages drawn of one PDF."""
SCALE = 1.2
"""Pixels a point."""
MAX_CHARS = 400_000
_PARTS = re.compile(r"^(word/(document|footnotes)|ppt/slides/slide\d+|xl/sharedStrings|Contents/section\d+)\.xml$")


def source_view(kind: str, body: bytes) -> str:
    """HTML: a PDF's pages as pictures, a text as it stands, of a package the bare words of its XML."""
    if kind == "application/pdf":
        return "".join(_pages(body))
    if is_text(body):
        return _text(decode(body))
    if body.startswith(b"PK\x03\x04"):
        return _text("\n".join(_words(body)))
    return '<p class="dim">This format is shown by its blocks only.</p>'


def _text(text: str) -> str:
    more = f'<p class="dim">… {len(text) - MAX_CHARS:,} characters more</p>' if len(text) > MAX_CHARS else ""
    return f"<pre>{escape(text[:MAX_CHARS])}</pre>{more}"


def _pages(body: bytes) -> Iterator[str]:
    with closing(pypdfium2.PdfDocument(body)) as document:
        for number in range(min(len(document), MAX_PAGES)):
            try:
                picture = base64.b64encode(page_png(document, number, SCALE)).decode()
            except pypdfium2.PdfiumError as error:
                yield f'<p class="dim">page {number + 1} cannot be drawn ({escape(str(error))})</p>'
                continue
            yield f'<img alt="page {number + 1}" src="data:image/png;base64,{picture}">'
        if len(document) > MAX_PAGES:
            yield f'<p class="dim">… {len(document) - MAX_PAGES} pages more</p>'


def _words(body: bytes) -> Iterator[str]:
    """The text of every paragraph in the parts that hold a document's text."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in sorted(filter(_PARTS.match, archive.namelist()), key=lambda name: (len(name), name)):
            for paragraph in parse_xml(archive.read(name)).iter("{*}p", "{*}si"):
                if text := "".join(_own(paragraph)):
                    yield text


def _own(paragraph: etree._Element) -> Iterator[str]:
    """Its text runs, but those of paragraphs inside it."""
    for run in paragraph.iter("{*}t"):
        if next(run.iterancestors("{*}p", "{*}si"), None) is paragraph:
            yield "".join(run.itertext())
