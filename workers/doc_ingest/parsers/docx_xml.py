"""Names in WordprocessingML (ECMA-376 part 1, 17), transitional as Word writes it."""

from __future__ import annotations

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def is_element(node: etree._Element) -> bool:
    """False for comments and processing instructions, which have no name."""
    return isinstance(node.tag, str)


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def value(element: etree._Element | None, path: str = "") -> str | None:
    """``w:val`` of an element or of one below it (``path`` in local names, ``pPr/pStyle``)."""
    for name in path.split("/") if path else ():
        element = None if element is None else element.find(w(name))
    return None if element is None else element.get(w("val"))
