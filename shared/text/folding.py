"""A text as it is compared: letters and digits only, compatibility forms made ordinary (NFKC), case folded."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def folded_words(text: str) -> list[str]:
    """Its runs of letters and digits, in order."""
    return _WORD.findall(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))


def letters(text: str) -> str:
    """All of them in one: how words are spaced does not count, as Korean is spaced in more than one way."""
    return "".join(folded_words(text))
