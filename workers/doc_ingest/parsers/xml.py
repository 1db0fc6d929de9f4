"""XML parts of office documents: read safely, in the namespaces of one edition, refused when they declare entities."""

from __future__ import annotations

from lxml import etree

from workers.doc_ingest import safe_xml
from workers.doc_ingest.rejections import reject

_STRICT = [
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/presentationml/main", b"http://schemas.openxmlformats.org/presentationml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
]  # fmt: skip
"""Namespaces of Strict Open XML (ISO 29500-1) and their Transitional twins, as which everything is read."""


def parse_xml(body: bytes, what: str) -> etree._Element:
    """The root of an XML part; ``what`` names it in the message.

    Raises Rejected (``corrupt``) also for a document type: no office format has one, and it is what entity bombs are
    made of.
    """
    try:
        root = safe_xml.parse_xml(transitional(body))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise reject("corrupt", f"{what} is not well-formed XML ({error})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise reject("corrupt", f"{what} declares a document type, which may hide an entity bomb")
    return root


def transitional(body: bytes) -> bytes:
    """A part with the namespaces of Transitional Open XML."""
    if b"purl.oclc.org" in body[:8192]:
        for strict, loose in _STRICT:
            body = body.replace(strict, loose)
    return body


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what has none: a comment, an entity reference."""
    tag = element.tag
    return str(tag).rpartition("}")[2] if isinstance(tag, str) else ""


def number(text: str | None, default: int = 0) -> int:
    """A whole number as an attribute gives it; the default for what is none."""
    try:
        return int(text or "")
    except ValueError:
        return default
