"""The table of parsers. A new format is one function and one line here (and a line in ``detect.py``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from shared.errors import Rejected
from workers.doc_ingest import media_types
from workers.doc_ingest.archives import Allowance, open_archive
from workers.doc_ingest.detect import is_lock_file, media_type
from workers.doc_ingest.model import Parsed
from workers.doc_ingest.parsers.csv_table import parse_csv
from workers.doc_ingest.parsers.docx import parse_docx
from workers.doc_ingest.parsers.html import parse_html
from workers.doc_ingest.parsers.hwp import parse_hwp
from workers.doc_ingest.parsers.hwpx import parse_hwpx
from workers.doc_ingest.parsers.markdown import parse_markdown
from workers.doc_ingest.parsers.pdf import parse_pdf
from workers.doc_ingest.parsers.pptx import parse_pptx
from workers.doc_ingest.parsers.rst import parse_rst
from workers.doc_ingest.parsers.text import parse_text
from workers.doc_ingest.parsers.xlsx import parse_xlsx
from workers.doc_ingest.parsers.zip_archive import parse_members
from workers.doc_ingest.rejections import reject

Parser = Callable[[bytes], Parsed]
"""Raises Rejected with the code that fits; any other exception means that the document is ``corrupt``."""


def parse_zip(body: bytes) -> Parsed:
    """The documents in an archive as one. Raises Rejected as ``parse_members`` does."""
    allowance = Allowance()
    return parse_members(body, partial(_member, allowance), allowance)


def _member(allowance: Allowance, path: str, body: bytes) -> Parsed:
    """One file of an archive. What it unpacks to itself counts against the archive's allowance."""
    if is_lock_file(path):
        raise reject("lock_file", f"{path} is an editor's lock file")
    if not body:
        raise reject("empty", f"{path} has no bytes")
    kind = media_type(path, body)
    if kind == media_types.ZIP:
        return parse_members(body, partial(_member, allowance), allowance)
    if body.startswith(b"PK"):
        open_archive(body, allowance).close()
        allowance.depth_left += 1
    try:
        parsed = PARSERS[kind](body)
    except (Rejected, MemoryError):
        raise
    except Exception as error:  # as in ``ingest.parse_as``: the member's fault, not its neighbours'
        raise reject("corrupt", f"{path} cannot be read as {kind} ({type(error).__name__}: {error})") from error
    if not any(char.isalnum() for char in parsed.text):
        raise reject("empty", f"{path} was read as {kind}")
    return parsed


PARSERS: Mapping[str, Parser] = {
    media_types.CSV: parse_csv,
    media_types.DOCX: parse_docx,
    media_types.HTML: parse_html,
    media_types.HWP: parse_hwp,
    media_types.HWPX: parse_hwpx,
    media_types.MARKDOWN: parse_markdown,
    media_types.PDF: parse_pdf,
    media_types.PPTX: parse_pptx,
    media_types.RST: parse_rst,
    media_types.TEXT: parse_text,
    media_types.XLSX: parse_xlsx,
    media_types.ZIP: parse_zip,
}
