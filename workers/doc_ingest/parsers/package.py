"""An Open Packaging Conventions package (ECMA-376 part 2): parts and the relationships between them.

The office parsers read packages with this and not with python-docx, python-pptx and openpyxl: those load every part,
pictures too, and refuse a document for a flaw in a part that nobody needs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from workers.doc_ingest.model import clean
from workers.doc_ingest.parsers.container import Container
from workers.doc_ingest.parsers.xml import local_name
from workers.doc_ingest.rejections import reject

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_USUAL_MAIN_PARTS = ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml")
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"


@dataclass(frozen=True)
class Relation:
    """What a part points to: the name of another part or, when external, an address."""

    kind: str
    """The last word of the relationship's type: ``hyperlink``, ``slide``, ``footnotes``."""
    target: str
    external: bool


class Package(Container):
    """Parts by name, without the leading slash."""

    def relations(self, part: str) -> dict[str, Relation]:
        """Relationship id -> relation, of one part; of the package itself for the empty name."""
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        if source not in self:
            return {}
        return {entry.get("Id", ""): _relation(entry, folder) for entry in self.xml(source) if local_name(entry)}

    def main_part(self) -> str:
        """The part that the package is about. Raises Rejected (``corrupt``) when it names none."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.target in self:
                return relation.target
        for name in _USUAL_MAIN_PARTS:
            if name in self:
                return name
        raise reject("corrupt", "the package does not say which of its parts is the document")

    def related(self, part: str, kind: str) -> Iterator[str]:
        """Names of the parts of one kind that a part points to, those that are there."""
        for relation in self.relations(part).values():
            if relation.kind == kind and not relation.external and relation.target in self:
                yield relation.target

    def related_xml(self, part: str, kind: str) -> etree._Element | None:
        """The first part of one kind that a part points to, or None."""
        found = next(self.related(part, kind), None)
        return None if found is None else self.xml(found)

    def title(self) -> str | None:
        """The title among the package's properties, if one is given."""
        root = self.related_xml("", "core-properties")
        title = None if root is None else root.findtext(_DC_TITLE)
        return clean(title or "").strip() or None


def _relation(entry: etree._Element, folder: str) -> Relation:
    kind = entry.get("Type", "").rpartition("/")[2]
    target = entry.get("Target", "")
    if entry.get("TargetMode") == "External":
        return Relation(kind, target, external=True)
    inside = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
    return Relation(kind, inside, external=False)
