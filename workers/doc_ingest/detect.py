"""Of what type a document is: by its content first, by its name only where text says nothing."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from workers.doc_ingest.decode import is_text
from workers.doc_ingest.rejections import reject

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
TEXT = "text/plain"

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BY_SUFFIX = {
    ".htm": HTML, ".html": HTML, ".xhtml": HTML, ".markdown": MARKDOWN, ".md": MARKDOWN, ".mdx": MARKDOWN,
}  # fmt: skip
_DATA_SUFFIXES = frozenset([".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xml", ".svg", ".yaml", ".yml"])
_HTML_START = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEAD_BYTES = 4096


def is_lock_file(name: str) -> bool:
    """Whether an office program made the file to mark a document as open (``~$name.docx``, ``.~lock.name#``)."""
    return PurePosixPath(name).name.startswith(("~$", ".~lock."))


def media_type(name: str, body: bytes) -> str:
    """One of the five types above. Raises Rejected: ``encrypted``, ``corrupt`` or ``unsupported``."""
    if b"%PDF-" in body[:1024]:
        return PDF
    if body.startswith(b"PK\x03\x04"):
        return _zipped(name, body)
    if body.startswith(_OLE):
        raise _compound(name, body)
    if not is_text(body):
        raise reject("unsupported", f"{name} holds neither text nor a known document format")
    return _text(name, body)


def _zipped(name: str, body: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(body)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise reject("corrupt", f"{name} starts as a ZIP container that cannot be read ({error})") from None
    if any(entry.startswith("word/") for entry in names):
        return DOCX
    raise reject("unsupported", f"{name} is a ZIP container without a Word document in it")


def _compound(name: str, body: bytes) -> Exception:
    """Word encrypts a DOCX into an old compound file with a stream named EncryptedPackage (MS-OFFCRYPTO 2.3.4.4)."""
    if "EncryptedPackage".encode("utf-16-le") in body:
        return reject("encrypted", f"{name} is protected by a password")
    return reject("unsupported", f"{name} is in an old binary office format")


def _text(name: str, body: bytes) -> str:
    if _HTML_START.match(body[:_HEAD_BYTES]):
        return HTML
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _DATA_SUFFIXES:
        raise reject("unsupported", f"{name} holds data ({suffix}), not a document")
    return _BY_SUFFIX.get(suffix, TEXT)
