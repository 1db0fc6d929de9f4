"""Which language a text is in, by its script. Links and code say nothing about it and are left out."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["en", "ko"]

KOREAN_SHARE = 0.2
"""Share of Hangul among letters from which a text counts as Korean: technical Korean is full of Latin terms."""

_NOISE = re.compile(r"```.*?```|`[^`]*`|https?://\S+", re.DOTALL)


def hangul_share(text: str) -> float:
    """Share of Hangul syllables among the letters of a text; 0 when it has no letter."""
    letters = [c for c in _NOISE.sub(" ", text) if c.isalpha()]
    if not letters:
        return 0.0
    return sum(1 for c in letters if is_hangul(c)) / len(letters)


def is_hangul(char: str) -> bool:
    """Whether a character is a Hangul syllable or jamo."""
    return "가" <= char <= "힣" or "ᄀ" <= char <= "ᇿ" or "㄰" <= char <= "㆏"


def detect_language(text: str) -> Language:
    """``ko`` or ``en``."""
    return "ko" if hangul_share(text) >= KOREAN_SHARE else "en"
