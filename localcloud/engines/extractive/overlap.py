"""How much of a reference text another text holds: the measure that training follows and the judge compares by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from shared.text.links import strip_links

_TOKEN = re.compile(r"[가-힣]|[a-z0-9]+|[^\W\d_a-z]+")


@lru_cache(maxsize=16384)
def tokens(text: str) -> tuple[str, ...]:
    """Lower-case Latin words and numbers, single Hangul syllables. Links do not count."""
    return tuple(_TOKEN.findall(strip_links(text).lower()))


def f_measure(hits: float, got: int, wanted: int) -> float:
    """Harmonic mean of hits/got and hits/wanted; 0 when there is no hit."""
    return 2 * hits / (got + wanted) if hits else 0.0


def longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö, "Bit-parallel LCS-length computation", 2004)."""
    places: dict[str, int] = {}
    for i, token in enumerate(a):
        places[token] = places.get(token, 0) | (1 << i)
    full = (1 << len(a)) - 1
    state = full
    for token in b:
        matched = state & places.get(token, 0)
        state = ((state + matched) | (state - matched)) & full
    return len(a) - state.bit_count()


def overlap(candidate: Sequence[str], reference: Sequence[str]) -> float:
    """Mean of the F-measures over words in order (as ROUGE-L) and words in any order (as ROUGE-1), 0 to 1."""
    if not candidate or not reference:
        return 0.0
    shared = sum((Counter(candidate) & Counter(reference)).values())
    in_order = longest_common(candidate, reference)
    sizes = len(candidate), len(reference)
    return (f_measure(shared, *sizes) + f_measure(in_order, *sizes)) / 2
