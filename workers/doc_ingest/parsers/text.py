"""Plain text: paragraphs between blank lines, in any encoding."""

from __future__ import annotations

import re

from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Block, Parsed, clean, paragraph

_BLANK_LINES = re.compile(r"\n[ \t\u3000]*\n")


def parse_text(body: bytes) -> Parsed:
    """Each run of lines is a paragraph; its line ends stay, they may mean something."""
    return Parsed(text_blocks(clean(decode(body))))


def text_blocks(text: str) -> list[Block]:
    return [paragraph(part) for part in _BLANK_LINES.split(text) if part.strip()]
