"""The tokenizers of ROUGE, by name.

| name | tokens |
|---|---|
| ``default`` | rouge-score's own: lower-case runs of a–z and 0–9. It drops every Hangul letter |
| ``multilingual`` | the same, and Hangul, Han and Kana character by character; on ASCII text the two are equal |
| ``ko-morph`` | Korean morphemes by kiwipiepy, everything else as words |
| ``char`` | letters and digits one by one |
| ``eojeol`` | what stands between white space (and ``|``), without punctuation around it |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from shared.errors import BadInput
from workers.scorer.rouge.lines import LINE
from workers.scorer.rouge.morphemes import KoreanMorphemes
from workers.scorer.rouge.token_cache import TokenCache

REPORT_TOKENIZER = "multilingual"

_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"


class Tokenizer(Protocol):
    """Texts to tokens. Lines are tokenized apart: the tokens of a text are those of its lines, one after the other."""

    signature: str
    """The name that tells two ways to tokenize apart, versions of models with it."""

    def with_lines(self, texts: Sequence[str]) -> Iterable[Sequence[str]]:
        """The tokens of each text, in order, with ``LINE`` between its lines."""

    def kept(self, text: str) -> int:
        """How many letters and digits of the text its tokens stand for."""

    def __call__(self, text: str) -> list[str]:
        """The tokens of one text, lines forgotten."""


class Pattern:
    """Tokens are what a function finds in lower-case text, parts of it as they are.

    The function is given ``LINE`` for each end of a line, and finds it as a token.
    """

    def __init__(self, name: str, find: Callable[[str], list[str]]) -> None:
        self.signature = name
        self._find = find

    def with_lines(self, texts: Sequence[str]) -> Iterable[Sequence[str]]:
        # One by one as they are asked for: tokens are looked up while they still lie in the processor's cache.
        return map(self._found, texts)

    def kept(self, text: str) -> int:
        return sum(map(str.isalnum, "".join(self(text))))

    def __call__(self, text: str) -> list[str]:
        return [token for token in self._found(text) if token != LINE]

    def _found(self, text: str) -> list[str]:
        # lower() before filtering, as rouge-score does: the Kelvin sign becomes a plain k.
        return self._find(text.lower().replace(LINE, " ").replace("\n", LINE))


_LATIN = bytes(code if chr(code) in "abcdefghijklmnopqrstuvwxyz0123456789|" else 32 for code in range(256))
_OR_CHARACTERS = re.compile(f"[a-z0-9]+|\\||[{_HANGUL}{_HAN}{_KANA}]")


def _latin(text: str) -> list[str]:
    """Two to three times as fast as a regular expression."""
    words = text.encode("ascii", "replace").translate(_LATIN).decode("ascii")
    return words.replace(LINE, f" {LINE} ").split()


def _latin_or_characters(text: str) -> list[str]:
    return _latin(text) if text.isascii() else _OR_CHARACTERS.findall(text)


TOKENIZERS: Mapping[str, Callable[[TokenCache | None], Tokenizer]] = {
    "default": lambda _: Pattern("default", _latin),
    "multilingual": lambda _: Pattern("multilingual", _latin_or_characters),
    "ko-morph": KoreanMorphemes,
    "char": lambda _: Pattern("char", re.compile(r"[^\W_]|\|").findall),
    "eojeol": lambda _: Pattern("eojeol", re.compile(r"[^\W_](?:[^\s|]*[^\W_])?|\|").findall),
}
"""A tokenizer is made with the cache that its tokens are kept in; only ``ko-morph`` is slower than a cache."""


def made(name: str, cache: TokenCache | None = None) -> Tokenizer:
    """The tokenizer of that name. Raises BadInput for one that is not in the registry."""
    if name not in TOKENIZERS:
        raise BadInput(f"tokenizer {name!r} is unknown; choose one of {', '.join(TOKENIZERS)}")
    return TOKENIZERS[name](cache)
