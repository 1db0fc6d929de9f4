"""Texts as strings in which each character stands for a token: what C libraries compare, slice and count fastest.

Characters are given out in the order of appearance, so no two tokens ever share one. The stemmer works here, once per
distinct token.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice

from shared.errors import BadInput
from workers.scorer.rouge.lines import LINE

ROOM = 1_112_062
"""Characters there are: all code points but NUL, ``LINE`` and surrogates."""


class Vocabulary(dict[str, str]):
    """Token → its character. With ``stem``, tokens of one stem share it.

    Raises BadInput for a new token when all characters are given out.
    """

    def __init__(self, stem: Callable[[str], str] | None = None, room: int = ROOM) -> None:
        super().__init__({LINE: LINE})
        self._stem = stem
        self._stems: dict[str, str] = {}
        self._room = room
        self._characters = islice(
            map(chr, chain(range(1, ord(LINE)), range(ord(LINE) + 1, 0xD800), range(0xE000, 0x110000))), room
        )

    def __missing__(self, token: str) -> str:
        character = self._of_stem(self._stem(token)) if self._stem else self._next()
        self[token] = character
        return character

    def _of_stem(self, stem: str) -> str:
        if stem not in self._stems:
            self._stems[stem] = self._next()
        return self._stems[stem]

    def _next(self) -> str:
        for character in self._characters:
            return character
        raise BadInput(
            f"two texts have more than {self._room:,} distinct words; ROUGE cannot tell them apart, cut them"
        )
