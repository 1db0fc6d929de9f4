"""The text of a Word paragraph: tracked insertions kept, deletions dropped, links as Markdown links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from workers.doc_ingest.parsers.docx_math import math_text
from workers.doc_ingest.parsers.docx_xml import children, switched_on, w
from workers.doc_ingest.parsers.links import link
from workers.doc_ingest.parsers.package import R, Relation

_SKIPPED = frozenset(["pPr", "rPr", "txbxContent", "delText", "delInstrText", "sdtPr", "commentReference"])
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_HYPERLINK = re.compile(r'\bHYPERLINK\s+(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s\\]\S*))')
_SYMBOLS = {"F0FC": "✓", "F0FB": "✗", "F0FE": "☑", "F0FD": "☒", "F0A8": "☐", "F06F": "□", "F0A7": "▪", "F0E0": "→"}
"""The signs of the font Wingdings that carry meaning."""

_R_ID, _W_ID, _VAL = f"{{{R}}}id", w("id"), w("val")
_VANISH, _RSTYLE = f"{w('rPr')}/{w('vanish')}", f"{w('rPr')}/{w('rStyle')}"


@dataclass
class _Field:
    """A field being read (ECMA-376 part 1, 17.16.18): what it is told to do, and what it shows."""

    instruction: str = ""
    shown: list[str] = field(default_factory=list)

    def text(self) -> str:
        """What the field shows, as a link where it is a HYPERLINK."""
        shown = "".join(self.shown)
        match = _HYPERLINK.search(self.instruction)
        return link(shown, match["quoted"] or match["bare"] or "") if match else shown


class Inline:
    """From a paragraph to its text. Relations give the addresses of hyperlinks; hidden runs are left out.

    ``notes`` collects the (kind, id) of footnotes and endnotes that were met; whoever places them empties it.
    """

    def __init__(self, relations: Mapping[str, Relation], hidden: frozenset[str] = frozenset()) -> None:
        self._relations = relations
        self._hidden = hidden
        self._marks: dict[tuple[str, str], str] = {}
        self.notes: list[tuple[str, str]] = []

    def __call__(self, paragraph: etree._Element) -> str:
        return self._text(paragraph).strip()

    def verbatim(self, paragraph: etree._Element) -> str:
        """The text with the white space around it, as code needs it."""
        return self._text(paragraph).rstrip()

    def mark(self, kind: str, identity: str) -> str:
        """The mark that stands for a note: ``^1`` for footnotes, ``^e1`` for endnotes, in order of appearance."""
        known = self._marks.get((kind, identity))
        if known is None:
            before = sum(1 for other, _ in self._marks if other == kind)
            known = self._marks[kind, identity] = f"^{'e' if kind == 'endnote' else ''}{before + 1}"
        return known

    def _text(self, element: etree._Element) -> str:
        fields = [_Field()]
        self._read(element, fields)
        while len(fields) > 1:  # a field that goes on in the next paragraph
            inner = fields.pop()
            fields[-1].shown.extend(inner.shown)
        return "".join(fields[0].shown)

    def _read(self, element: etree._Element, fields: list[_Field]) -> None:
        for name, child in children(element):
            shown = fields[-1].shown
            if name == "t":
                shown.append(child.text or "")
            elif name == "r":
                if not self._is_hidden(child):
                    self._read(child, fields)
            elif name in _CHARACTERS:
                shown.append(_CHARACTERS[name])
            elif name == "hyperlink":
                shown.append(link(self._text(child), self._address(child)))
            elif name == "fldChar":
                self._field(child, fields)
            elif name == "instrText":
                fields[-1].instruction += child.text or ""
            elif name == "fldSimple":
                shown.append(_Field(child.get(w("instr"), ""), [self._text(child)]).text())
            elif name in _NOTES:
                shown.append(self._note(_NOTES[name], child.get(_W_ID, "")))
            elif name == "sym":
                shown.append(_SYMBOLS.get((child.get(w("char")) or "").upper(), ""))
            elif name == "rt":  # how the characters before it are read
                shown.append(f"({self._text(child)})")
            elif name == "oMath":
                shown.append(math_text(child))
            elif name not in _SKIPPED:
                self._read(child, fields)

    def _field(self, mark: etree._Element, fields: list[_Field]) -> None:
        kind = mark.get(w("fldCharType"))
        if kind == "begin":
            fields.append(_Field())
        elif kind == "end" and len(fields) > 1:
            fields[-2].shown.append(fields.pop().text())

    def _note(self, kind: str, identity: str) -> str:
        self.notes.append((kind, identity))
        return f"[{self.mark(kind, identity)}]"

    def _is_hidden(self, run: etree._Element) -> bool:
        own = run.find(_VANISH)
        if own is not None:
            return switched_on(own)
        style = run.find(_RSTYLE) if self._hidden else None
        return style is not None and style.get(_VAL) in self._hidden

    def _address(self, hyperlink: etree._Element) -> str:
        """The link's target outside the document; empty for a bookmark inside it."""
        relation = self._relations.get(hyperlink.get(_R_ID) or "")
        if relation is None or not relation.external:
            return ""
        anchor = hyperlink.get(w("anchor"))
        return f"{relation.target}#{anchor}" if anchor and "#" not in relation.target else relation.target


def text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Contents of the text boxes anchored in a paragraph, each once."""
    for name, child in children(element):
        if name == "txbxContent":
            yield child
        elif name not in ("t", "rPr", "pPr"):
            yield from text_boxes(child)
