"""Which language a text is in, by its script. Links and code say nothing about it and are left out."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["en", "ko"]

KOREAN_SHARE = 0.2
"""Share of Hangul among letters from which a text counts as Korean: technical Korean is full of Latin terms."""

HANGUL = "가-힣ᄀ-ᇿ㄰-㆏"
"""Hangul syllables and jamo, as the inside of a character class."""

_HANGUL = re.compile(f"[{HANGUL}]+")
_NOISE = re.compile(r"```.*?```|`[^`]*`|https?://\S+", re.DOTALL)


def hangul_share(text: str) -> float:
    """Share of Hangul syllables among the letters of a text; 0 when it has no letter."""
    words = _NOISE.sub(" ", text)
    letters = sum(map(str.isalpha, words))
    return (len(words) - len(_HANGUL.sub("", words))) / letters if letters else 0.0


def is_hangul(char: str) -> bool:
    """Whether a character is a Hangul syllable or jamo."""
    return _HANGUL.match(char) is not None


def detect_language(text: str) -> Language:
    """``ko`` or ``en``."""
    return "ko" if hangul_share(text) >= KOREAN_SHARE else "en"
