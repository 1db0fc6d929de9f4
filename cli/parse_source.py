"""A document as its maker sees it, as far as that can be shown without the program that made it."""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from html import escape

import pypdfium2
from lxml import etree

from workers.doc_ingest.decode import decode, is_text
from workers.doc_ingest.safe_xml import parse_xml

MAX_PAGES = 20
"""Pages drawn of one PDF."""
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
                picture = base64.b64encode(_drawn(document, number)).decode()
            except pypdfium2.PdfiumError as error:
                yield f'<p class="dim">page {number + 1} cannot be drawn ({escape(str(error))})</p>'
                continue
            yield f'<img alt="page {number + 1}" src="data:image/png;base64,{picture}">'
        if len(document) > MAX_PAGES:
            yield f'<p class="dim">… {len(document) - MAX_PAGES} pages more</p>'


def _drawn(document: pypdfium2.PdfDocument, number: int) -> bytes:
    with closing(document[number]) as page:
        scale = min(1.2, 1200 / max(page.get_size()))
        with closing(page.render(scale=scale, rev_byteorder=True)) as bitmap:
            return _png(bitmap.width, bitmap.height, bytes(bitmap.buffer), bitmap.stride, bitmap.n_channels)


def _png(width: int, height: int, pixels: bytes, stride: int, channels: int) -> bytes:
    """A PNG (ISO/IEC 15948) of rows of grey, RGB or RGBA bytes."""
    colour = {1: 0, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + width * channels] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


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
