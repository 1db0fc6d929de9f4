"""Plain text: paragraphs between blank lines, in any encoding."""

from __future__ import annotations

import re

from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Parsed, clean, paragraph


def parse_text(body: bytes) -> Parsed:
    """Each run of lines is a paragraph; its line ends stay, they may mean something."""
    parts = re.split(r"\n[ \t]*\n", clean(decode(body)))
    return Parsed([paragraph(part) for part in parts if part.strip()])
