"""DOCX: headings, lists, tables and links from the document's own XML; insertions kept, deletions dropped.

python-docx opens the package; its ``paragraph.text`` and ``row.cells`` are not used: the first skips tracked
insertions, the second repeats merged cells (measured: 73 % of a text lost, a table's text up to 12 times).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from lxml import etree

from workers.doc_ingest.model import Block, Parsed, clean, heading, listing, paragraph, table
from workers.doc_ingest.parsers.docx_inline import Inline, paragraph_text, text_boxes
from workers.doc_ingest.parsers.docx_styles import Styles
from workers.doc_ingest.parsers.docx_table import table_cells
from workers.doc_ingest.parsers.docx_xml import is_element, local_name, w
from workers.doc_ingest.rejections import reject

MAX_EXPANDED_BYTES = 512 * 1024 * 1024
"""What a package may come to when unpacked; more is an archive bomb or no document."""

_WRAPPERS = frozenset(["sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"])


def parse_docx(body: bytes) -> Parsed:
    """Raises Rejected: ``too_large`` when the package unpacks beyond the limit, ``corrupt`` when it cannot be read."""
    _check_expansion(body)
    document = _open(body)
    reader = _Reader(Styles(document), paragraph_text(document.part.rels))
    blocks = [block for block in reader.blocks(document.element.body) if block.text]
    title = clean(document.core_properties.title or "").strip() or reader.title
    return Parsed(blocks, title=title)


def _check_expansion(body: bytes) -> None:
    expanded = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(body)).infolist())
    if expanded > MAX_EXPANDED_BYTES:
        raise reject("too_large", f"the document unpacks to {expanded:,} bytes, over {MAX_EXPANDED_BYTES:,}")


def _open(body: bytes) -> Document:
    try:
        return docx.Document(io.BytesIO(body))
    except (KeyError, ValueError, OSError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise reject("corrupt", f"the Word document cannot be read ({error})") from None


class _Reader:
    """Walks block content. ``title`` is the first paragraph in the style Title, once it was met."""

    def __init__(self, styles: Styles, inline: Inline) -> None:
        self._styles = styles
        self._inline = inline
        self.title: str | None = None

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        """Blocks of a body or cell; neighbouring list paragraphs make one list."""
        items: list[str] = []
        for element in _content(parent):
            if local_name(element) == "p" and (item := self._item(element)) is not None:
                items.append(item)
                items.extend(block.text for block in self._boxes(element))
                continue
            yield from _flush(items)
            yield from self._paragraph(element) if local_name(element) == "p" else self._table(element)
        yield from _flush(items)

    def _item(self, element: etree._Element) -> str | None:
        """A list paragraph as ``- text`` or ``1. text``, indented by its level; None when it is none."""
        numbering = self._styles.numbering(element)
        text = self._inline(element).strip()
        if numbering is None or not text or self._styles.heading_level(element):
            return None
        marker = "1. " if numbering.ordered else "- "
        indent = "   " * numbering.level
        return indent + marker + text.replace("\n", "\n" + indent + " " * len(marker))

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        text = self._inline(element).strip()
        level = self._styles.heading_level(element)
        if text and level:
            # Word numbers headings from 1 under a title of its own; here the title is what they stand under
            yield heading(text, level + (self.title is not None))
            if self.title is None and self._styles.is_title(element):
                self.title = clean(text)
        elif text:
            yield paragraph(text)
        yield from self._boxes(element)

    def _boxes(self, element: etree._Element) -> Iterator[Block]:
        for box in text_boxes(element):
            yield from self.blocks(box)

    def _table(self, element: etree._Element) -> Iterator[Block]:
        """A table of one cell is a frame around its content, which may hold anything."""
        rows = table_cells(element)
        cells = [cell for row in rows for cell in row if cell is not None]
        if len(cells) == 1:
            yield from self.blocks(cells[0])
            return
        texts = [["" if cell is None else self._cell(cell) for cell in row] for row in rows]
        kept = [row for row in texts if any(row)]
        if kept:
            yield table(kept)

    def _cell(self, cell: etree._Element) -> str:
        """A cell's words on one line; a table inside it gives its cells, each once."""
        words: list[str] = []
        for element in _content(cell):
            if local_name(element) == "p":
                words += [self._inline(element).strip(), *(block.text for block in self._boxes(element))]
            else:
                inner = [cell for row in table_cells(element) for cell in row if cell is not None]
                words += [self._cell(cell) for cell in inner]
        return " ".join(" ".join(words).split())


def _content(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of a container, also those inside content controls and block-level revisions."""
    for child in parent:
        if not is_element(child):
            continue
        if child.tag in (w("p"), w("tbl")):
            yield child
        elif local_name(child) in _WRAPPERS:
            yield from _content(child)


def _flush(items: list[str]) -> Iterator[Block]:
    if items:
        yield listing("\n".join(items))
        items.clear()
