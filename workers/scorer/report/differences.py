"""Which words of two answers differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_TOKENS = 1_200
"""Beyond this the comparison, quadratic at worst, costs more than it shows."""

_LEAST_ALIKE = 0.4
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
    if len(old) + len(new) > _MOST_TOKENS or _alike(matcher, old, new) < _LEAST_ALIKE:
        return _plain(before), _plain(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        marked = operation != "equal"
        left += _piece("".join(old[old_start:old_end]), marked)
        right += _piece("".join(new[new_start:new_end]), marked)
    return left, right


def _alike(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> float:
    """The share of the shorter text that the other has in the same order; the spaces of all texts do not count."""
    shorter = min(_words(old), _words(new))
    common = sum(_words(old[start : start + size]) for start, _, size in matcher.get_matching_blocks())
    return common / shorter if shorter else 0.0


def _words(tokens: list[str]) -> int:
    return sum(not token.isspace() for token in tokens)


def _piece(text: str, marked: bool) -> list[Piece]:
    return [Piece(text, marked and not text.isspace())] if text else []


def _plain(text: str) -> list[Piece]:
    return [Piece(text, False)] if text else []
