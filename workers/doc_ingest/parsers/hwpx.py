"""HWPX (OWPML, KS X 6101), the Hangul word processor's format in XML: text, outline, tables, notes and links.

Page headers and footers, hidden comments and tracked deletions are no part of the text.
"""

from __future__ import annotations

import re

from workers.doc_ingest.model import Block, Parsed, clean
from workers.doc_ingest.parsers.container import Container
from workers.doc_ingest.parsers.hangul_blocks import HangulBlocks
from workers.doc_ingest.parsers.hwpx_header import HwpxHeader
from workers.doc_ingest.parsers.hwpx_text import HwpxReader
from workers.doc_ingest.parsers.xml import local_name
from workers.doc_ingest.rejections import reject

_SECTION = re.compile(r"^Contents/section(\d+)\.xml$", re.IGNORECASE)
_MANIFEST = "META-INF/manifest.xml"
_PACKAGE = "Contents/content.hpf"


def parse_hwpx(body: bytes) -> Parsed:
    """Raises Rejected: ``encrypted``, or ``corrupt`` when there is no section or one cannot be read."""
    container = Container(body)
    if _MANIFEST in container and b"encryption-data" in container.read(_MANIFEST):
        raise reject("encrypted", "the Hangul document is protected by a password")
    sections = sorted((int(found[1]), name) for name in container.names if (found := _SECTION.match(name)))
    if not sections:
        raise reject("corrupt", "the Hangul document has no section")
    header = HwpxHeader(container.xml("Contents/header.xml") if "Contents/header.xml" in container else None)
    reader, writer = HwpxReader(header, container), HangulBlocks(header.numbering)
    blocks: list[Block] = []
    for _, name in sections:
        blocks += writer.blocks(reader.section(container.xml(name)))
    return Parsed([block for block in blocks if block.text], title=_title(container))


def _title(container: Container) -> str | None:
    if _PACKAGE not in container:
        return None
    titles = (entry.text for entry in container.xml(_PACKAGE).iter() if local_name(entry) == "title")
    return clean(next(titles, None) or "").strip() or None
