"""Near duplicates among short texts as they come, exactly: Jaccard similarity of character trigrams, by prefix
filtering, for the texts of a run. For a million at once: ``shared.text.near_pairs``.

Character trigrams, because word shingles miss one-word edits of short Korean questions. Prefix filtering compares
only pairs that can reach the threshold. Source: Bayardo, Ma and Srikant, "Scaling Up All Pairs Similarity Search"
(2007). Texts whose identifiers differ are no duplicates.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from shared.text.folding import letters
from shared.text.identifiers import differ, identifiers

THRESHOLD = 0.8


def shingles(text: str) -> frozenset[str]:
    """Character trigrams of the text's letters and digits, case folded; a shorter text is its own shingle."""
    run = letters(text)
    return frozenset(run[i : i + 3] for i in range(max(1, len(run) - 2))) if run else frozenset()


def similarity(a: frozenset[str], b: frozenset[str]) -> float:
    """Size of the intersection over size of the union; a text without a letter is like nothing."""
    common = len(a & b)
    return common / (len(a) + len(b) - common) if common else 0.0


class NearDuplicates:
    """Texts kept so far, asked for one that is almost the same as another."""

    def __init__(self, vocabulary: Iterable[str] = (), threshold: float = THRESHOLD) -> None:
        """``vocabulary``: texts whose shingle frequencies order the prefixes: any sample of the texts makes the search
        faster, none changes what it finds."""
        self._frequency = Counter(gram for text in vocabulary for gram in shingles(text))
        self._threshold = threshold
        self._kept: list[tuple[frozenset[str], frozenset[str]]] = []
        self._by_prefix: dict[str, list[int]] = defaultdict(list)

    def find(self, text: str) -> int | None:
        """The place (in order of adding) of the first kept text at or above the threshold; None when there is none."""
        own, named = shingles(text), identifiers(text)
        for place in sorted({place for gram in self._prefix(own) for place in self._by_prefix.get(gram, ())}):
            other, names = self._kept[place]
            if not differ(named, names) and similarity(own, other) >= self._threshold:
                return place
        return None

    def add(self, text: str) -> None:
        """Keeps a text."""
        own = shingles(text)
        for gram in self._prefix(own):
            self._by_prefix[gram].append(len(self._kept))
        self._kept.append((own, identifiers(text)))

    def _prefix(self, grams: frozenset[str]) -> list[str]:
        """The rarest shingles: two sets that reach the threshold share at least one of them."""
        ordered = sorted(grams, key=lambda gram: (self._frequency[gram], gram))
        return ordered[: len(ordered) - math.ceil(self._threshold * len(ordered)) + 1]
