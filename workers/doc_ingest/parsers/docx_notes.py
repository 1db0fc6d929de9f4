"""Footnotes and endnotes of a Word document, by their ids."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.parsers.docx_inline import Inline, text_boxes
from workers.doc_ingest.parsers.docx_xml import children, w
from workers.doc_ingest.parsers.package import Package

_ORDINARY = ("", "normal")


class Notes:
    """The notes of both kinds, each read when it is asked for."""

    def __init__(self, package: Package, part: str) -> None:
        self._notes: dict[tuple[str, str], tuple[etree._Element, Inline]] = {}
        for kind in ("footnote", "endnote"):
            for name in package.related(part, f"{kind}s"):
                inline = Inline(package.relations(name))
                for note in package.xml(name).iterfind(w(kind)):
                    if note.get(w("type"), "") in _ORDINARY:  # others are the lines that separate notes from text
                        self._notes[kind, note.get(w("id"), "")] = note, inline

    def text(self, kind: str, identity: str) -> str:
        """A note's words on one line; empty when it is missing."""
        note, inline = self._notes.get((kind, identity), (None, None))
        if note is None or inline is None:
            return ""
        return " ".join(" ".join(inline(paragraph) for paragraph in _paragraphs(note)).split())


def _paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    for name, child in children(element):
        if name == "p":
            yield child
            for box in text_boxes(child):
                yield from _paragraphs(box)
        else:
            yield from _paragraphs(child)
