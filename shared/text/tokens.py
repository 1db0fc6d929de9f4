"""How many tokens a text has, estimated without a model: a budget to cut by, not a bill."""

from __future__ import annotations

import math
import re

from shared.text.language import HANGUL

LATIN_CHARS_PER_TOKEN = 4.0
HANGUL_CHARS_PER_TOKEN = 1.5
_HANGUL = re.compile(f"[{HANGUL}]+")


def estimate_tokens(text: str) -> int:
    """Tokens of a text: Hangul is counted far denser than Latin script. 0 only for an empty text."""
    hangul = 0 if text.isascii() else len(text) - len(_HANGUL.sub("", text))
    return math.ceil(hangul / HANGUL_CHARS_PER_TOKEN + (len(text) - hangul) / LATIN_CHARS_PER_TOKEN)
