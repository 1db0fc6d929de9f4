"""Of what type a document is: by its content; the name decides only between kinds of text that read alike."""

from __future__ import annotations

from pathlib import PurePosixPath

from workers.doc_ingest.containers import compound_type, zip_type
from workers.doc_ingest.decode import decode, is_text
from workers.doc_ingest.media_types import (
    CSV,
    DOCX,
    HTML,
    HWP,
    HWPX,
    MARKDOWN,
    PDF,
    PPTX,
    RST,
    TEXT,
    XLSX,
    ZIP,
)  # fmt: skip
from workers.doc_ingest.rejections import reject
from workers.doc_ingest.text_types import text_type

__all__ = [
    "CSV", "DOCX", "HTML", "HWP", "HWPX", "MARKDOWN", "PDF", "PPTX", "RST", "TEXT", "XLSX", "ZIP", "is_lock_file",
    "media_type",
]  # fmt: skip

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")
_HEAD_BYTES = 1024

_ADVICE = [
    (b"HWP Document File V", "is a document of Hangul 3.0 or before; save it as HWPX in a newer Hangul"),
    (b"{\\rtf", "is rich text (RTF); save it as DOCX"),
    (b"\x89PNG", "is a picture (PNG); put it into a PDF and run OCR on that"),
    (b"\xff\xd8\xff", "is a picture (JPEG); put it into a PDF and run OCR on that"),
    (b"GIF8", "is a picture (GIF); put it into a PDF and run OCR on that"),
    (b"II*\0", "is a picture (TIFF); make it a PDF and run OCR on that"),
    (b"MM\0*", "is a picture (TIFF); make it a PDF and run OCR on that"),
    (b"Rar!", "is a RAR archive; pack the documents into a ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive; pack the documents into a ZIP"),
    (b"\x1f\x8b", "is packed with gzip; unpack it"),
    (b"%!PS", "is PostScript; make it a PDF"),
]
"""First bytes of what people put beside documents -> what it is and what they can do."""


def is_lock_file(name: str) -> bool:
    """Whether an office program made the file to mark a document as open (``~$name.docx``, ``.~lock.name#``)."""
    return PurePosixPath(name).name.startswith(("~$", ".~lock."))


def media_type(name: str, body: bytes) -> str:
    """One of ``media_types``. Raises Rejected: ``encrypted``, ``corrupt``, ``empty`` or ``unsupported``."""
    if _is_pdf(body):
        return PDF
    if body.startswith(_ZIP_STARTS):
        return zip_type(name, body)
    if body.startswith(_OLE):
        return compound_type(name, body)
    for start, advice in _ADVICE:
        if body.startswith(start):
            raise reject("unsupported", f"{name} {advice}")
    if not is_text(body):
        raise reject("unsupported", f"{name} holds neither text nor a known document format")
    return text_type(name, decode(body[:100_000]))


def _is_pdf(body: bytes) -> bool:
    """A PDF may have a few bytes before its header (ISO 32000, H.3.3); a text may well speak of ``%PDF-``."""
    position = body.find(b"%PDF-", 0, _HEAD_BYTES)
    return position == 0 or (position > 0 and b"endobj" in body)
