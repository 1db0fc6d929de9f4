"""DOCX: headings, lists, tables, notes and links from the document's own XML; insertions kept, deletions dropped.

python-docx is not used: its ``paragraph.text`` skips tracked insertions, its ``row.cells`` repeats merged cells
(measured on real files: 73 % of a text lost, a table's text up to 12 times). Page headers and footers, comments and
hidden text are no part of the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.model import Block, Parsed, clean, code, heading, listing, paragraph, table
from workers.doc_ingest.parsers.docx_inline import Inline, text_boxes
from workers.doc_ingest.parsers.docx_notes import Notes
from workers.doc_ingest.parsers.docx_numbering import Numbering
from workers.doc_ingest.parsers.docx_styles import Styles
from workers.doc_ingest.parsers.docx_table import table_cells
from workers.doc_ingest.parsers.docx_xml import children, w
from workers.doc_ingest.parsers.list_lines import ListLines
from workers.doc_ingest.parsers.package import Package
from workers.doc_ingest.rejections import reject

_WRAPPERS = frozenset(["sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent"])


def parse_docx(body: bytes) -> Parsed:
    """Raises Rejected: ``too_large`` when the package unpacks beyond the limit, ``corrupt`` when it cannot be read."""
    package = Package(body)
    part = package.main_part()
    content = package.xml(part).find(w("body"))
    if content is None:
        raise reject("corrupt", "the Word document has no body")
    reader = _reader(package, part)
    blocks = [block for block in reader.blocks(content) if block.text]
    return Parsed(blocks, title=package.title() or reader.title)


def _reader(package: Package, part: str) -> _Reader:
    numbering = Numbering(package.related_xml(part, "numbering"))
    styles = Styles(package.related_xml(part, "styles"), numbering.level_of)
    inline = Inline(package.relations(part), styles.hidden)
    return _Reader(styles, numbering, inline, Notes(package, part))


class _Reader:
    """Walks block content. ``title`` is the first paragraph in the style Title, once it was met."""

    def __init__(self, styles: Styles, numbering: Numbering, inline: Inline, notes: Notes) -> None:
        self._styles = styles
        self._numbering = numbering
        self._inline = inline
        self._notes = notes
        self._placed: set[tuple[str, str]] = set()
        self.title: str | None = None

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        """Blocks of a body or cell; neighbouring list paragraphs make one list, those in a style of code one fence.

        A note stands after the block that refers to it.
        """
        items, lines = ListLines(), list[str]()
        for name, element in _content(parent):
            is_item = name == "p" and self._item(element, items)
            is_code = name == "p" and not is_item and self._code(element, lines)
            if not is_item:
                yield from self._flush(listing(items.take()))
            if not is_code and lines:
                yield from self._fence(lines)
                lines.clear()
            if not is_item and not is_code:
                yield from self._paragraph(element) if name == "p" else self._table(element)
        yield from self._flush(listing(items.take()))
        yield from self._fence(lines)

    def _fence(self, lines: list[str]) -> Iterator[Block]:
        if any(lines):
            yield from self._flush(code("\n".join(lines)))

    def _flush(self, block: Block) -> Iterator[Block]:
        if block.text:
            yield block
            yield from self._met_notes()

    def _met_notes(self) -> Iterator[Block]:
        met, self._inline.notes = dict.fromkeys(self._inline.notes), []
        for kind, identity in met:
            if (kind, identity) in self._placed:  # a note may be referred to many times
                continue
            self._placed.add((kind, identity))
            text = self._notes.text(kind, identity)
            if text:
                yield paragraph(f"[{self._inline.mark(kind, identity)}]: {text}")

    def _item(self, element: etree._Element, items: ListLines) -> bool:
        """Adds a list paragraph, with the text boxes in it; False when the paragraph is none."""
        place = self._styles.numbered(element)
        if place is None or self._styles.heading_level(element):
            return False
        label, text = self._numbering.label(place), self._inline(element)  # an empty paragraph has a number, too
        boxes = [block.text for box in text_boxes(element) for block in self.blocks(box)]
        if text or boxes:
            items.add(place.level, label, clean("\n".join([text, *boxes]).strip()))
        return True

    def _code(self, element: etree._Element, lines: list[str]) -> bool:
        if not self._styles.style_of(element).is_code or next(text_boxes(element), None) is not None:
            return False
        lines.append(self._inline.verbatim(element))
        return True

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        text = self._inline(element)
        level = self._styles.heading_level(element)
        if text and level:
            # Word numbers headings from 1 under a title of its own; here the title is what they stand under
            yield heading(self._label(element) + text, level + (self.title is not None))
            if self.title is None and self._styles.style_of(element).is_title:
                self.title = clean(text)
        elif text:
            yield paragraph(text)
        yield from self._met_notes()
        for box in text_boxes(element):
            yield from self.blocks(box)

    def _label(self, element: etree._Element) -> str:
        """A heading's number, ``2.1 ``."""
        place = self._styles.numbered(element)
        label = self._numbering.label(place) if place else ""
        return f"{label} " if label else ""

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
            yield from self._met_notes()

    def _cell(self, cell: etree._Element) -> str:
        """A cell's words on one line; a table inside it gives its cells, each once."""
        words: list[str] = []
        for name, element in _content(cell):
            if name == "p":
                text = self._inline(element)
                words += [self._label(element) + text if text else ""]
                words += [self._cell(box) for box in text_boxes(element)]
            else:
                words += [self._cell(inner) for row in table_cells(element) for inner in row if inner is not None]
        return " ".join(" ".join(words).split())


def _content(parent: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """(local name, element) of a container's paragraphs and tables, also inside content controls and revisions."""
    for name, child in children(parent):
        if name in ("p", "tbl"):
            yield name, child
        elif name in _WRAPPERS:
            yield from _content(child)
