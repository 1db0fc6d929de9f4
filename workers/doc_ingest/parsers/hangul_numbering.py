"""Paragraph numbers of the Hangul word processor, which both of its formats describe alike: ``^1.^2.``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workers.doc_ingest.parsers.ordinals import ordinal

NUMBER_FORMATS = [
    ("DIGIT", "decimal"), ("CIRCLED_DIGIT", "decimalEnclosedCircle"), ("ROMAN_CAPITAL", "upperRoman"),
    ("ROMAN_SMALL", "lowerRoman"), ("LATIN_CAPITAL", "upperLetter"), ("LATIN_SMALL", "lowerLetter"),
    ("CIRCLED_LATIN_CAPITAL", "circledUpper"), ("CIRCLED_LATIN_SMALL", "circledLower"), ("HANGUL_SYLLABLE", "ganada"),
    ("CIRCLED_HANGUL_SYLLABLE", "circledGanada"), ("HANGUL_JAMO", "chosung"), ("CIRCLED_HANGUL_JAMO", "circledChosung"),
    ("HANGUL_PHONETIC", "koreanDigital"), ("IDEOGRAPH", "ideographDigital"), ("CIRCLED_IDEOGRAPH", "ideographDigital"),
]  # fmt: skip
"""HWPX's name of a number format -> ours; the place in the list is HWP's code for it."""

MAX_HEADING_CHARS = 120
"""A longer paragraph is text, whatever its outline level: official papers number all of theirs."""

_MAX_LABEL_CHARS = 100
_PLACE = re.compile(r"\^(\d{1,2})")


@dataclass(frozen=True)
class Level:
    """One level: its number format, where it starts, and its text, in which ``^1`` is the outermost level's number."""

    style: str
    text: str
    start: int = 1


class HangulNumbering:
    """Counts numbered paragraphs, which must be asked about in order, each once. Levels count from 0."""

    def __init__(self, definitions: Mapping[str, Mapping[int, Level]]) -> None:
        self._definitions = definitions
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, identity: str, level: int) -> str:
        """The printed number of the next paragraph; empty where the level prints none."""
        levels = self._definitions.get(identity, {})
        own = levels.get(level)
        if own is None:
            return ""
        counts = self._counts.setdefault(identity, {})
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]
        text = own.text[:_MAX_LABEL_CHARS]
        return _PLACE.sub(lambda match: _number(levels, counts, int(match[1]) - 1), text).strip()


def _number(levels: Mapping[int, Level], counts: dict[int, int], index: int) -> str:
    level = levels.get(index, Level("decimal", ""))
    return ordinal(counts.get(index, level.start), level.style)
