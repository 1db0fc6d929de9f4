"""Texts as strings in which each character stands for a token: what C libraries compare, slice and count fastest.

Characters are given out in the order of appearance, so no two tokens ever share one. The stemmer works here, once per
distinct token.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from workers.scorer.rouge.lines import LINE

ROOM = 1_112_062
"""Characters there are: all code points but NUL, the line feed and surrogates."""


class Vocabulary(dict[str, str]):
    """Token → its character. With ``stem``, tokens of one stem share it."""

    def __init__(self, stem: Callable[[str], str] | None = None) -> None:
        super().__init__({LINE: LINE})
        self._stem = stem
        self._stems: dict[str, str] = {}
        self._characters = map(chr, chain(range(1, 10), range(11, 0xD800), range(0xE000, 0x110000)))

    def __missing__(self, token: str) -> str:
        character = self._of_stem(self._stem(token)) if self._stem else next(self._characters)
        self[token] = character
        return character

    def _of_stem(self, stem: str) -> str:
        if stem not in self._stems:
            self._stems[stem] = next(self._characters)
        return self._stems[stem]
