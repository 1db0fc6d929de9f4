"""Inline HTML as Markdown: links and code kept, everything else as its words."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

_BREAK = "\v"
"""Stands for ``<br>`` until white space is collapsed; ``clean`` has removed it from the document's own text."""

_UNSAFE = re.compile(r"[\s()<>]")


def inline(node: LexborNode) -> str:
    """Text of a node with its white space as in the source; ``collapse`` what is joined from it."""
    tag = node.tag
    if tag == "-text":
        return node.text(deep=False) or ""
    if tag == "br":
        return _BREAK
    if tag in ("-comment", "img"):
        return ""
    if tag in ("code", "kbd", "samp"):
        return _code(node.text())
    inside = "".join(inline(child) for child in node.iter(include_text=True))
    return _link(inside, node.attributes.get("href")) if tag == "a" else inside


def collapse(text: str) -> str:
    """White space as a browser shows it: runs are one space, ``<br>`` a line end."""
    lines = (re.sub(r"\s+", " ", line.replace("\xa0", " ")).strip() for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _code(text: str) -> str:
    text = collapse(text)
    return f"`{text}`" if text and "`" not in text else text


def _link(label: str, address: str | None) -> str:
    """Anchors within the page and scripts are no links to keep."""
    address = (address or "").strip()
    if not address or address.startswith(("#", "javascript:")) or not label.strip():
        return label
    return f"[{collapse(label)}]({_UNSAFE.sub(_escaped, address)})"


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())
