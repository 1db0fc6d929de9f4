"""Words that carry a question's meaning, and the views of a text that features compare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from shared.text.words import match_words

_COMMON = """
a an the and or but if of to in on at by for from with without as is are was were be been being do does did can could
may might must shall should will would what which who whom whose when where why how i you we they he she it its my your
our their this that these those there here not no than then so such into about after before during over under have has
had many much long often get need one any all each
무엇인가요 무엇입니까 어떻게 되나요 하나요 인가요 해야 하려면 얼마인가요 얼마입니까 언제 어디 어떤 있나요 있습니까
됩니까 합니까
입니까 합니다 입니다 습니다 됩니다 있습니다 하는 되는 에서 으로 까지 부터 에게 무슨 몇 경우 때는 수 있는 하면 되면
"""
_LEAST_STEM = 4
STOP_TERMS = frozenset(match_words(_COMMON))


@dataclass(frozen=True)
class View:
    """A text as sets: all matching terms, those that carry meaning, pairs of neighbours, character trigrams."""

    terms: tuple[str, ...]
    content: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    grams: frozenset[str]


@lru_cache(maxsize=65536)
def view(text: str) -> View:
    """The sets of a text; an empty text has empty ones."""
    terms = tuple(match_words(text))
    kept = [_stem(term) for term in terms if term not in STOP_TERMS]
    squeezed = "".join(text.lower().split())
    grams = frozenset(squeezed[i : i + 3] for i in range(len(squeezed) - 2))
    return View(terms, frozenset(kept), frozenset(pairwise(kept)), grams)


def _stem(term: str) -> str:
    """English verbs without their endings, so that "restarting" meets "restart" and "closed" meets "close"."""
    if term.isascii() and term.isalpha():
        for ending in ("ing", "ed", "e"):
            if term.endswith(ending) and len(term) - len(ending) >= _LEAST_STEM:
                return term[: -len(ending)]
    return term


def content_terms(text: str) -> frozenset[str]:
    """Terms that carry meaning: no articles, auxiliaries, question words or Korean endings."""
    return view(text).content
