"""The text of a Word paragraph: tracked insertions kept, deletions dropped, hyperlinks as Markdown links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from workers.doc_ingest.parsers.docx_xml import R, is_element, local_name, w

Inline = Callable[[etree._Element], str]

_DROPPED = frozenset(["del", "moveFrom", "pPr", "rPr", "Fallback", "txbxContent", "instrText", "delText"])
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


def paragraph_text(relationships: Mapping[str, Any]) -> Inline:
    """A function from a paragraph to its text; relationships give the addresses of hyperlinks."""

    def text(element: etree._Element) -> str:
        return "".join(_pieces(element))

    def _pieces(element: etree._Element) -> Iterator[str]:
        for child in element:
            name = local_name(child) if is_element(child) else ""
            if not name or name in _DROPPED:
                continue
            if child.tag == w("t"):
                yield child.text or ""
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name == "hyperlink":
                yield _link(text(child), _address(child, relationships))
            else:
                yield from _pieces(child)

    return text


def text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Contents of the text boxes anchored in a paragraph. Word writes each twice; its Fallback twin is passed over."""
    for child in element:
        name = local_name(child) if is_element(child) else ""
        if name == "txbxContent":
            yield child
        elif name and name not in ("Fallback", "del", "moveFrom"):
            yield from text_boxes(child)


def _address(hyperlink: etree._Element, relationships: Mapping[str, Any]) -> str | None:
    """The link's target outside the document; None for a bookmark inside it."""
    relation = relationships.get(hyperlink.get(f"{{{R}}}id") or "")
    return str(relation.target_ref) if relation is not None and relation.is_external else None


def _link(label: str, address: str | None) -> str:
    if not address or not label.strip():
        return label
    escaped = address.strip().replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"<{escaped}>" if label.strip() == address.strip() else f"[{label.strip()}]({escaped})"
