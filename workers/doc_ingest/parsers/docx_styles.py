"""What a Word paragraph is: heading, title, code or list item, from its own properties or those of its style."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from workers.doc_ingest.parsers.docx_xml import switched_on, value, w
from workers.doc_ingest.parsers.xml import number

_HEADING = re.compile(r"^(?:heading|제목|개요) ?(\d)$")
_CODE = re.compile(
    r"^(?:html preformatted|source ?code|code ?block|code|preformatted text|macro text|소스 ?코드|코드)$"
)
_BODY_LEVEL = 9
"""Outline level 9 means body text (ECMA-376 part 1, 17.3.1.20); 0 to 8 are headings 1 to 9."""


@dataclass(frozen=True)
class Numbered:
    """A paragraph's place in a list: which numbering, and how deep in it (0 is the outermost level)."""

    identity: str
    level: int


@dataclass(frozen=True)
class Style:
    """What a paragraph style says, with what it inherits."""

    level: int | None = None
    """1 to 9 of a heading; None of body text. The style Title counts as 1."""
    is_title: bool = False
    is_code: bool = False
    numbered: Numbered | None = None


class Styles:
    """The styles of one document. ``level_of`` finds a numbering's level by the style that is tied to it."""

    def __init__(self, root: etree._Element | None, level_of: Callable[[str, str], int | None]) -> None:
        self._elements = {} if root is None else {style.get(w("styleId")): style for style in root.iterfind(w("style"))}
        self._level_of = level_of
        self._read: dict[str | None, Style] = {}

    def style_of(self, paragraph: etree._Element) -> Style:
        """The style of a paragraph that has no properties of its own."""
        name = value(paragraph, "pPr/pStyle")
        if name not in self._read:
            self._read[name] = self._style(name if name in self._elements else self._default)
        return self._read[name]

    def heading_level(self, paragraph: etree._Element) -> int | None:
        """1 to 9; None for body text."""
        own = _outline(paragraph)
        if own is not None:
            return own + 1 if own < _BODY_LEVEL else None
        return self.style_of(paragraph).level

    def numbered(self, paragraph: etree._Element) -> Numbered | None:
        """None when the paragraph is no list item; ``numId`` 0 switches a style's numbering off."""
        identity = value(paragraph, "pPr/numPr/numId")
        inherited = self.style_of(paragraph).numbered
        level = value(paragraph, "pPr/numPr/ilvl")
        if identity is None:
            return inherited and (inherited if level is None else Numbered(inherited.identity, number(level)))
        return None if identity == "0" else Numbered(identity, number(level))

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Character styles whose text is not shown."""
        vanish = f"{w('rPr')}/{w('vanish')}"
        return frozenset(name for name, style in self._elements.items() if name and switched_on(style.find(vanish)))

    @cached_property
    def _default(self) -> str | None:
        """The paragraph style of paragraphs that name none."""
        return next(
            (name for name, style in self._elements.items()
             if style.get(w("type")) == "paragraph" and style.get(w("default")) in ("1", "true")),
            None,
        )  # fmt: skip

    def _style(self, name: str | None) -> Style:
        chain = self._chain(name)
        names = [(value(style, "name") or "").lower() for style in chain]
        return Style(
            level=_level(chain, names), is_title="title" in names, numbered=self._numbered(chain),
            is_code=any(_CODE.match(name) for name in names),
        )  # fmt: skip

    def _chain(self, name: str | None) -> list[etree._Element]:
        """A style and those that it is based on, nearest first."""
        chain: list[etree._Element] = []
        while name is not None and (style := self._elements.get(name)) is not None and style not in chain:
            chain.append(style)
            name = value(style, "basedOn")
        return chain

    def _numbered(self, chain: list[etree._Element]) -> Numbered | None:
        for style in chain:
            identity = value(style, "pPr/numPr/numId")
            if identity is None:
                continue
            tied = self._level_of(identity, style.get(w("styleId"), ""))
            level = number(value(chain[0], "pPr/numPr/ilvl") or value(style, "pPr/numPr/ilvl"), tied or 0)
            return None if identity == "0" else Numbered(identity, level)
        return None


def _level(chain: list[etree._Element], names: list[str]) -> int | None:
    for style, name in zip(chain, names, strict=True):
        if name == "title":
            return 1
        named = _HEADING.match(name)
        level = int(named.group(1)) - 1 if named else _outline(style)
        if level is not None:
            return level + 1 if level < _BODY_LEVEL else None
    return None


def _outline(holder: etree._Element) -> int | None:
    level = value(holder, "pPr/outlineLvl")
    return int(level) if level is not None and level.isdigit() else None
