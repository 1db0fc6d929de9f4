"""The tokenizers of ROUGE, by name, and the share of a text that each of them keeps.

``default`` is rouge-score's own: lower-case runs of a-z and 0-9. It drops every Hangul letter, so that an identical
Korean pair scores 0. ``multilingual`` cuts Latin text in the very same way and adds one token per Hangul, Han or Kana
character; on ASCII text the two are equal. Both read text in NFC: a decomposed "é" or "가" is not another word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

Tokenizer = Callable[[str], list[str]]
"""A text to its tokens, in order."""

MIN_COVERAGE = 0.95
"""Share of letters and digits that a tokenizer must keep for its scores to say anything about the texts."""

REPORT_TOKENIZER = "multilingual"

_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_WORDS = re.compile("[a-z0-9]+")
_WORDS_AND_CHARACTERS = re.compile(f"[a-z0-9]+|[{_HANGUL}{_HAN}{_KANA}]")


def default(text: str) -> list[str]:
    """rouge-score's words, without its stemmer."""
    return _WORDS.findall(_prepared(text))


def multilingual(text: str) -> list[str]:
    """rouge-score's words, and Hangul, Han and Kana character by character."""
    return _WORDS_AND_CHARACTERS.findall(_prepared(text))


TOKENIZERS: Mapping[str, Tokenizer] = {"default": default, "multilingual": multilingual}


def coverage(tokenizer: Tokenizer, texts: Iterable[str]) -> float:
    """Letters and digits that the tokenizer keeps, as a share of all that the texts have; 1 when they have none."""
    kept = total = 0
    for text in texts:
        kept += sum(char.isalnum() for token in tokenizer(text) for char in token)
        total += sum(char.isalnum() for char in _prepared(text))
    return kept / total if total else 1.0


def _prepared(text: str) -> str:
    # lower() before filtering, as rouge-score does: the Kelvin sign becomes a plain k.
    return unicodedata.normalize("NFC", text).lower()
