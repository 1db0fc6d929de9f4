"""The table of parsers. A new format is one function and one line here (and a line in ``detect.py``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workers.doc_ingest import detect
from workers.doc_ingest.model import Parsed
from workers.doc_ingest.parsers.docx import parse_docx
from workers.doc_ingest.parsers.html import parse_html
from workers.doc_ingest.parsers.markdown import parse_markdown
from workers.doc_ingest.parsers.pdf import parse_pdf
from workers.doc_ingest.parsers.text import parse_text

Parser = Callable[[bytes], Parsed]
"""Raises Rejected with the code that fits; any other exception means that the document is ``corrupt``."""

PARSERS: Mapping[str, Parser] = {
    detect.DOCX: parse_docx,
    detect.HTML: parse_html,
    detect.MARKDOWN: parse_markdown,
    detect.PDF: parse_pdf,
    detect.TEXT: parse_text,
}
