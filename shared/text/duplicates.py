"""Near duplicates among short texts, exactly: Jaccard similarity of character trigrams, by prefix filtering.

Character trigrams, because word shingles miss one-word edits of short Korean questions. Prefix filtering compares
only pairs that can reach the threshold. Source: Bayardo, Ma and Srikant, "Scaling Up All Pairs Similarity Search"
(2007).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

THRESHOLD = 0.8
_NOISE = re.compile(r"[\W_]+")


def shingles(text: str) -> frozenset[str]:
    """Character trigrams of the text's letters and digits, case folded; a shorter text is its own shingle."""
    letters = _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())
    if len(letters) <= 3:
        return frozenset([letters]) if letters else frozenset()
    return frozenset(letters[i : i + 3] for i in range(len(letters) - 2))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Size of the intersection over size of the union; two empty sets are alike."""
    if not a and not b:
        return 1.0
    return len(a & b) / len(a | b)


class NearDuplicates:
    """Texts kept so far, asked for one that is almost the same as another."""

    def __init__(self, vocabulary: Sequence[str], threshold: float = THRESHOLD) -> None:
        """``vocabulary``: texts whose shingle frequencies order the prefixes (any sample of the texts will do)."""
        self._frequency = Counter(gram for text in vocabulary for gram in shingles(text))
        self._threshold = threshold
        self._sets: list[frozenset[str]] = []
        self._by_prefix: dict[str, list[int]] = defaultdict(list)

    def find(self, text: str) -> int | None:
        """The place (in order of adding) of the first kept text at or above the threshold; None when there is none."""
        own = shingles(text)
        places = sorted({place for gram in self._prefix(own) for place in self._by_prefix.get(gram, ())})
        return next((place for place in places if jaccard(own, self._sets[place]) >= self._threshold), None)

    def add(self, text: str) -> None:
        """Keeps a text."""
        own = shingles(text)
        for gram in self._prefix(own):
            self._by_prefix[gram].append(len(self._sets))
        self._sets.append(own)

    def _prefix(self, grams: frozenset[str]) -> list[str]:
        """The rarest shingles: two sets that reach the threshold share at least one of them."""
        ordered = sorted(grams, key=lambda gram: (self._frequency[gram], gram))
        return ordered[: len(ordered) - math.ceil(self._threshold * len(ordered)) + 1]
