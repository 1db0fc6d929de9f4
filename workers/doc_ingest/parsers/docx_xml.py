"""Names in WordprocessingML (ECMA-376 part 1, 17), transitional as Word writes it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.doc_ingest.parsers.xml import local_name

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

DROPPED = frozenset(["del", "moveFrom"])
"""What tracked changes have removed."""


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


_VAL = w("val")
_T = w("t")
_PATHS: dict[str, tuple[str, ...]] = {}


def value(element: etree._Element | None, path: str = "") -> str | None:
    """``w:val`` of an element or of one below it (``path`` in local names, ``pPr/pStyle``)."""
    names = _PATHS.get(path)
    if names is None:
        names = _PATHS[path] = tuple(w(name) for name in path.split("/")) if path else ()
    for name in names:
        if element is None:
            return None
        element = element.find(name)
    return None if element is None else element.get(_VAL)


def switched_on(element: etree._Element | None) -> bool:
    """Whether an on/off property is there and not off."""
    return element is not None and element.get(_VAL, "true") not in ("false", "0", "off")


def alternate(element: etree._Element) -> etree._Element | None:
    """Of an ``mc:AlternateContent``, the one child to read: the first choice with text in it, else the fallback.

    Word writes a text box twice, once for readers that know newer shapes; a choice without text is drawn by newer
    readers in ways of its own (emoji), and the fallback has the character.
    """
    choices = [child for child in element if local_name(child) == "Choice"]
    for choice in choices:
        if next(choice.iter(_T), None) is not None:
            return choice
    fallback = next((child for child in element if local_name(child) == "Fallback"), None)
    return choices[0] if fallback is None and choices else fallback


def children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """(local name, child), tracked deletions left out and alternate content resolved."""
    for child in element:
        name = local_name(child)
        if name == "AlternateContent":
            chosen = alternate(child)
            if chosen is not None:
                yield "AlternateContent", chosen
        elif name and name not in DROPPED:
            yield name, child
