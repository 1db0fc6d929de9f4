"""Words of a text for matching, not for reading: what retrieval and the reader compare.

Latin letters and digits give lower-case words with a light plural cut; Hangul runs give character bigrams, which
meet across particles and endings without a morphological analyser (the usual choice for CJK in BM25).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

_RUNS = re.compile(r"[가-힣ᄀ-ᇿ]+|[a-z0-9]+(?:[.\-_/][a-z0-9]+)*|[^\W\d_a-z]+", re.UNICODE)
_PARTS = re.compile(r"[.\-_/]")
REMEMBERED = 1 << 14
"""Runs whose terms are kept at hand: a corpus uses the same words over and over."""


def match_words(text: str) -> list[str]:
    """Terms in order. A compound such as ``pdu-session`` gives itself and its parts."""
    return list(chain.from_iterable(map(_terms, _runs(text))))


def words_but_hangul(text: str) -> list[str]:
    """As ``match_words``, without what Hangul gives: that is left to a morphological analyser."""
    return list(chain.from_iterable(_terms(run) for run in _runs(text) if not _is_hangul(run)))


def _runs(text: str) -> list[str]:
    return _RUNS.findall((text if text.isascii() else unicodedata.normalize("NFKC", text)).lower())


@lru_cache(maxsize=REMEMBERED)
def _terms(run: str) -> tuple[str, ...]:
    if _is_hangul(run):
        return (run,) if len(run) == 1 else tuple(run[i : i + 2] for i in range(len(run) - 1))
    return tuple(_latin(run))


def _is_hangul(run: str) -> bool:
    return "가" <= run[0] <= "힣"


def _latin(run: str) -> list[str]:
    parts = [_singular(part) for part in _PARTS.split(run) if part]
    return parts if len(parts) == 1 else [run, *parts]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
