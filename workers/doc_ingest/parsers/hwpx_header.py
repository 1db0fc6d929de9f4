"""What an HWPX document's header says about its paragraphs: outline levels, list numbers and bullets."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from workers.doc_ingest.parsers.hangul_blocks import Head
from workers.doc_ingest.parsers.hangul_numbering import NUMBER_FORMATS, HangulNumbering, Level
from workers.doc_ingest.parsers.xml import local_name, number

_STYLES = dict(NUMBER_FORMATS)


@dataclass(frozen=True)
class _Heading:
    kind: str
    reference: str
    level: int


class HwpxHeader:
    """Heads of paragraphs by the id of their paragraph shape."""

    def __init__(self, root: etree._Element | None) -> None:
        self._headings: dict[str, _Heading] = {}
        definitions: dict[str, dict[int, Level]] = {}
        for element in () if root is None else root.iter():
            match local_name(element):
                case "paraPr":
                    self._take_shape(element)
                case "numbering":
                    definitions[element.get("id", "")] = _levels(element)
        self.numbering = HangulNumbering(definitions)

    def head(self, shape: str, outline: str) -> Head | None:
        """``outline`` is the numbering that the section gives to outline levels."""
        heading = self._headings.get(shape)
        match heading.kind if heading else "NONE":
            case "OUTLINE" if heading:
                return Head("outline", outline, heading.level)
            case "NUMBER" if heading:
                return Head("number", heading.reference, heading.level)
            case "BULLET" if heading:
                return Head("bullet", heading.reference, heading.level)
        return None

    def _take_shape(self, shape: etree._Element) -> None:
        for element in shape.iter():
            if local_name(element) == "heading":
                self._headings[shape.get("id", "")] = _Heading(
                    element.get("type", "NONE"), element.get("idRef", ""), number(element.get("level"))
                )
                return


def _levels(numbering: etree._Element) -> dict[int, Level]:
    return {
        number(head.get("level"), 1) - 1: Level(
            _STYLES.get(head.get("numFormat", ""), "decimal"), head.text or "", number(head.get("start"), 1)
        )
        for head in numbering
        if local_name(head) == "paraHead"
    }
