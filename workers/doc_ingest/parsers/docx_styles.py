"""What a Word paragraph is: heading, title or list item, from its own properties or those of its style."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from workers.doc_ingest.parsers.docx_xml import value, w

_HEADING = re.compile(r"^heading (\d)$")
_BODY_LEVEL = 9
"""Outline level 9 means body text (ECMA-376 part 1, 17.3.1.20); 0 to 8 are headings 1 to 9."""


@dataclass(frozen=True)
class Numbering:
    """A list paragraph's level (0 is the outermost) and whether it is numbered rather than bulleted."""

    level: int
    ordered: bool


class Styles:
    """The styles and numbering definitions of one document."""

    def __init__(self, document: Document) -> None:
        self._styles = {style.get(w("styleId")): style for style in document.styles.element.iterfind(w("style"))}
        self._formats = _number_formats(document)

    def heading_level(self, paragraph: etree._Element) -> int | None:
        """1 to 9; None for body text. The style Title counts as level 1."""
        own = _outline(paragraph)
        if own is not None:
            return own + 1 if own < _BODY_LEVEL else None
        for style in self._chain(paragraph):
            name = (value(style, "name") or "").lower()
            if name == "title":
                return 1
            named = _HEADING.match(name)
            level = int(named.group(1)) - 1 if named else _outline(style)
            if level is not None:
                return level + 1 if level < _BODY_LEVEL else None
        return None

    def is_title(self, paragraph: etree._Element) -> bool:
        return any((value(style, "name") or "").lower() == "title" for style in self._chain(paragraph))

    def numbering(self, paragraph: etree._Element) -> Numbering | None:
        """None when the paragraph is no list item; ``numId`` 0 switches a style's numbering off."""
        for holder in [paragraph, *self._chain(paragraph)]:
            number = value(holder, "pPr/numPr/numId")
            if number is not None:
                level = int(value(holder, "pPr/numPr/ilvl") or 0)
                ordered = self._formats.get((number, level), "bullet") not in ("bullet", "none")
                return None if number == "0" else Numbering(level, ordered)
        return None

    def _chain(self, paragraph: etree._Element) -> list[etree._Element]:
        """The paragraph's style and those that it is based on, nearest first."""
        chain: list[etree._Element] = []
        name = value(paragraph, "pPr/pStyle")
        while name is not None and (style := self._styles.get(name)) is not None and style not in chain:
            chain.append(style)
            name = value(style, "basedOn")
        return chain


def _outline(holder: etree._Element) -> int | None:
    level = value(holder, "pPr/outlineLvl")
    return int(level) if level is not None and level.isdigit() else None


def _number_formats(document: Document) -> dict[tuple[str, int], str]:
    """(numbering id, level) -> number format, for documents that have numbering definitions."""
    try:
        root = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        return {}
    abstract = {
        definition.get(w("abstractNumId")): {
            int(level.get(w("ilvl"), "0")): value(level, "numFmt") or "bullet"
            for level in definition.iterfind(w("lvl"))
        }
        for definition in root.iterfind(w("abstractNum"))
    }
    return {
        (number.get(w("numId")), level): style
        for number in root.iterfind(w("num"))
        for level, style in abstract.get(value(number, "abstractNumId"), {}).items()
    }
