"""Which words of two answers differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_TOKENS = 1_200
"""Beyond this the comparison, quadratic at worst, costs more than it shows."""

_LEAST_ALIKE = 0.2
"""Answers that share less than this are simply different; marking every word would help nobody."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text, marked when the other answer does not have it."""

    text: str
    marked: bool


def differences(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces. Each side's pieces joined give its text; nothing is marked when the two share little."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) + len(new) > _MOST_TOKENS or matcher.ratio() < _LEAST_ALIKE:
        return _plain(before), _plain(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        marked = operation != "equal"
        left += _piece("".join(old[old_start:old_end]), marked)
        right += _piece("".join(new[new_start:new_end]), marked)
    return left, right


def _piece(text: str, marked: bool) -> list[Piece]:
    return [Piece(text, marked and not text.isspace())] if text else []


def _plain(text: str) -> list[Piece]:
    return [Piece(text, False)] if text else []
