"""Inline HTML as Markdown: links and code kept, everything else as its words."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from workers.doc_ingest.parsers.links import link

MAX_DEPTH = 150
"""Elements inside elements from which on only their text counts: Python's stack is not endless."""

_BREAK = "\v"
"""Stands for ``<br>`` until white space is collapsed; ``clean`` has removed it from the document's own text."""

_PERMALINKS = frozenset("#¶§🔗")
"""What headings show to be linked to by."""

_SPACE = re.compile(r"[\s\xa0]+")


def inline(node: LexborNode, base: str, depth: int = 0) -> str:
    """Text of a node with its white space as in the source; ``collapse`` what is joined from it.

    ``base`` is the page's address, against which relative links are resolved; empty when unknown.
    """
    tag = node.tag
    if tag == "-text":
        return node.text(deep=False) or ""
    if tag == "br":
        return _BREAK
    if tag in ("-comment", "img"):
        return ""
    if tag in ("code", "kbd", "samp", "tt"):
        return _code(node.text())
    if depth > MAX_DEPTH:
        return node.text()
    inside = "".join(inline(child, base, depth + 1) for child in node.iter(include_text=True))
    if tag == "a":
        return _link(inside, node.attributes.get("href") or "", base)
    return f"({inside})" if tag == "rt" else inside


def collapse(text: str) -> str:
    """White space as a browser shows it: runs are one space, ``<br>`` a line end."""
    lines = (_SPACE.sub(" ", line).strip() for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def verbatim(node: LexborNode) -> str:
    """Preformatted text, with its ``<br>``s as line ends. Several pieces of code stand below each other."""
    pieces = [child for child in node.iter() if child.tag == "code"]
    if len(pieces) > 1:
        return "\n".join(verbatim(piece).rstrip("\n") for piece in pieces)
    if node.css_first("br") is None:
        return node.text()
    parts = (child for child in node.traverse(include_text=True) if child.tag in ("-text", "br"))
    return "".join("\n" if part.tag == "br" else part.text(deep=False) or "" for part in parts)


def _code(text: str) -> str:
    text = collapse(text)
    return f"`{text}`" if text and "`" not in text else text


def _link(label: str, address: str, base: str) -> str:
    """Anchors within the page and scripts are no links to keep; a link around white space is none either."""
    address = address.strip()
    if address.startswith("#") and label.strip() in _PERMALINKS:
        return ""
    if not address or address.startswith("#") or not label.strip():
        return label
    return link(label, _resolved(address, base)).replace(_BREAK, " ")


def _resolved(address: str, base: str) -> str:
    try:
        return urljoin(base, address) if base else address
    except ValueError:  # "http://[", which no resolver takes
        return address
