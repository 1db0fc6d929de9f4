"""PPTX: slide by slide its title, text, tables, charts and speaker's notes, with the slide's number as the page.

Hidden slides are left out, and a note says so; so are footers, dates and slide numbers, which repeat on every slide.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.model import Block, Parsed, heading, paragraph
from workers.doc_ingest.parsers.package import Package, R
from workers.doc_ingest.parsers.pptx_shapes import P, Shapes, is_title, placeholder, shape_text, shapes_of
from workers.doc_ingest.rejections import reject


def parse_pptx(body: bytes) -> Parsed:
    """Raises Rejected (``corrupt``) when the package cannot be read."""
    package = Package(body)
    main = package.main_part()
    parts = _slides(package, main)
    blocks: list[Block] = []
    notes: list[str] = []
    for number, part in enumerate(parts, start=1):
        slide = package.xml(part)
        if slide.get("show") in ("0", "false"):
            notes.append(f"Slide {number} is hidden and was left out.")
        else:
            blocks += _slide(package, part, slide, number)
    return Parsed([block for block in blocks if block.text], title=package.title(), pages=len(parts), notes=notes)


def _slides(package: Package, main: str) -> list[str]:
    """Parts of the slides, in the order in which they are shown."""
    relations = package.relations(main)
    found = [
        relations[identity].target
        for entry in package.xml(main).iterfind(f"{P}sldIdLst/{P}sldId")
        if (identity := entry.get(f"{{{R}}}id", "")) in relations and relations[identity].target in package
    ]
    if not found:
        raise reject("empty", "the presentation has no slides")
    return found


def _slide(package: Package, part: str, slide: etree._Element, number: int) -> Iterator[Block]:
    """A slide's heading (its number where it has no title, lest it count for the slide before), its content, notes."""
    tree = slide.find(f"{P}cSld/{P}spTree")
    shapes = [] if tree is None else list(shapes_of(tree))
    title = next((shape for shape in shapes if is_title(shape)), None)
    words = " ".join(shape_text(title).split()) if title is not None else ""
    reader = Shapes(package, part, number)
    content = [block for shape in shapes if shape is not title for block in reader.blocks(shape)]
    content += _notes(package, part, number)
    if words or content:
        yield heading(words or f"Slide {number}", 1, number)
    yield from content


def _notes(package: Package, part: str, number: int) -> Iterator[Block]:
    notes = package.related_xml(part, "notesSlide")
    tree = None if notes is None else notes.find(f"{P}cSld/{P}spTree")
    for shape in () if tree is None else shapes_of(tree):
        text = shape_text(shape).strip() if placeholder(shape) == "body" else ""
        if text:
            yield paragraph(f"Notes: {text}", number)
