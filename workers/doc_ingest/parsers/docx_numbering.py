"""Word's automatic numbers (ECMA-376 part 1, 17.9): what is printed before a paragraph but stands in no run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from workers.doc_ingest.parsers.docx_styles import Numbered
from workers.doc_ingest.parsers.docx_xml import value, w
from workers.doc_ingest.parsers.ordinals import ordinal
from workers.doc_ingest.parsers.xml import number

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_MAX_LABEL_CHARS = 100


@dataclass(frozen=True)
class Level:
    """One level of a list: its number format, where it starts, and its text, in which ``%1`` is level 0's number."""

    style: str = "bullet"
    start: int = 1
    text: str = ""
    tied: str | None = None
    """The paragraph style that puts a paragraph on this level."""


@dataclass(frozen=True)
class _Definition:
    abstract: str
    levels: dict[int, Level]
    restarts: dict[int, int]
    """Levels that this use of the definition counts anew, and from where."""


class Numbering:
    """Counts a document's list paragraphs, which must be asked about in order, each once."""

    def __init__(self, root: etree._Element | None) -> None:
        self._definitions = {} if root is None else _definitions(root)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def level_of(self, identity: str, style: str) -> int | None:
        """The level of a numbering that a paragraph style is tied to."""
        definition = self._definitions.get(identity)
        levels = definition.levels if definition else {}
        return next((index for index, level in levels.items() if level.tied == style), None)

    def label(self, place: Numbered) -> str:
        """The printed number of the next paragraph at a place, ``2.1.``; empty for a bullet or none at all."""
        definition = self._definitions.get(place.identity)
        level = definition.levels.get(place.level) if definition else None
        if definition is None or level is None:
            return ""
        counts = self._count(definition, place)
        if level.style in ("bullet", "none"):
            return ""
        return _PLACE.sub(lambda match: _number(definition, counts, int(match.group(1)) - 1), level.text).strip()

    def _count(self, definition: _Definition, place: Numbered) -> dict[int, int]:
        counts = self._counts.setdefault(definition.abstract, {})
        if place.identity not in self._begun:
            self._begun.add(place.identity)
            for index, start in definition.restarts.items():
                counts[index] = start - 1
        start = definition.levels[place.level].start
        counts[place.level] = counts.get(place.level, start - 1) + 1
        for deeper in range(place.level + 1, _LEVELS):
            counts.pop(deeper, None)
        return counts


def _number(definition: _Definition, counts: dict[int, int], index: int) -> str:
    level = definition.levels.get(index, Level("decimal"))
    return ordinal(counts.get(index, level.start), level.style)


def _definitions(root: etree._Element) -> dict[str, _Definition]:
    abstract = {entry.get(w("abstractNumId")): _levels(entry) for entry in root.iterfind(w("abstractNum"))}
    found = {}
    for entry in root.iterfind(w("num")):
        name = value(entry, "abstractNumId") or ""
        levels, restarts = dict(abstract.get(name, {})), {}
        for override in entry.iterfind(w("lvlOverride")):
            index = number(override.get(w("ilvl")))
            levels |= _levels(override)
            restart = value(override, "startOverride")
            if restart is not None:
                restarts[index] = number(restart, 1)
        found[entry.get(w("numId"), "")] = _Definition(name, levels, restarts)
    return found


def _levels(holder: etree._Element) -> dict[int, Level]:
    return {
        number(level.get(w("ilvl"))): Level(
            style=value(level, "numFmt") or "decimal", start=number(value(level, "start"), 1),
            text=(value(level, "lvlText") or "")[:_MAX_LABEL_CHARS], tied=value(level, "pStyle"),
        )
        for level in holder.iterfind(w("lvl"))
    }  # fmt: skip
