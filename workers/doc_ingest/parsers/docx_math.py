"""Office math (ECMA-376 part 1, 22.1) as one line of text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.parsers.xml import local_name

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"

_SIGNS = {"sup": "^", "sub": "_", "den": "/", "lim": "_"}
"""What is written before a part of a formula."""


def math_text(element: etree._Element) -> str:
    """``a/b`` for fractions, ``x^2`` and ``x_i`` for scripts, brackets where a part has more than one character."""
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name == "t":
            yield child.text or ""
        elif name in _SIGNS or name == "num":
            inside = math_text(child)
            if inside:
                yield _SIGNS.get(name, "") + (inside if len(inside) == 1 or inside.isalnum() else f"({inside})")
        elif name == "d":
            yield from _delimited(child)
        elif name == "rad":
            yield f"√({math_text(child)})"
        elif name == "nary":
            yield _property(child, "naryPr", "chr", "∫")
            yield from _pieces(child)
        elif name:
            yield from _pieces(child)


def _delimited(element: etree._Element) -> Iterator[str]:
    yield _property(element, "dPr", "begChr", "(")
    yield ", ".join(math_text(child) for child in element if local_name(child) == "e")
    yield _property(element, "dPr", "endChr", ")")


def _property(element: etree._Element, group: str, name: str, default: str) -> str:
    found = element.find(f"{{{M}}}{group}/{{{M}}}{name}")
    return default if found is None else found.get(f"{{{M}}}val", default)
