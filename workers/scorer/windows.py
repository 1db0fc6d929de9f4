"""A long text cut into pieces that fit a model's window, at white space where there is any. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_WORD = re.compile(r"\S+\s*")


def windows(text: str, limit: int, count: Callable[[str], int]) -> list[str]:
    """Pieces in order, each of at most ``limit`` tokens as ``count`` counts them; joined they give the text again.

    A single character of more than ``limit`` tokens stays whole.
    """
    if count(text) <= limit or len(text) <= 1:
        return [text]
    pieces: list[str] = []
    for word in _words(text):
        if pieces and count(pieces[-1] + word) <= limit:
            pieces[-1] += word
        else:
            pieces.extend(_halved(word, limit, count))
    return pieces


def _words(text: str) -> list[str]:
    lead = text[: len(text) - len(text.lstrip())]
    words = _WORD.findall(text)
    return [lead + words[0], *words[1:]] if words else [text]


def _halved(word: str, limit: int, count: Callable[[str], int]) -> list[str]:
    """A word without spaces, such as a URL or a table row, may be longer than a window by itself."""
    if count(word) <= limit or len(word) <= 1:
        return [word]
    middle = len(word) // 2
    return [*_halved(word[:middle], limit, count), *_halved(word[middle:], limit, count)]
