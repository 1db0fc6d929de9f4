"""BM25 over chunks whose postings lie in a memory-mapped file. The same index and question give the same everywhere.

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with Lucene's
non-negative inverse document frequency. Headings are indexed with the text that stands under them.

Words that nearly every chunk has add next to nothing, and cost most: once the rarer words show that few chunks can come
among the best, common ones are only looked up in those. Source: Turtle and Flood, "Query Evaluation:
Strategies and Optimizations" (1995), MaxScore. The scores of what is left are then summed exactly, in one order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.retrieval.analyzers import analyzer_of
from shared.retrieval.container import Array, Container
from shared.retrieval.terms import Terms

K1 = 1.2
B = 0.75

SLACK = 1e-6
"""Far more than what rounding and another order of summing can change in a score."""
COMMON = 20_000
"""A term of fewer postings is gone through without asking whether it could be left out."""
PROBED = 10_000
"""Places whose scores tell, long before all scores are known, what one among the best has at least."""
LOOK_UP = 8
"""What looking one place up costs, in postings gone through."""
KEPT = 100_000
"""Terms whose frequencies among the allowed chunks are remembered."""

_NOWHERE = np.empty(0, dtype="<u4")


@dataclass(frozen=True)
class Term:
    """A term of the question: where it occurs and how often there. ``weight``: its inverse document frequency."""

    places: Array
    counts: Array
    weight: float

    @property
    def most(self) -> float:
        """No chunk gets more from it."""
        return self.weight * (K1 + 1)


class BM25:
    """Searches an index, or only the places that ``allowed`` marks: then as if it held no others."""

    def __init__(self, index: Container, allowed: Array | None = None) -> None:
        """Raises AnalyzerChanged when questions would be read otherwise than chunks were, BadInput when not at all."""
        self._terms_of = analyzer_of(index["analyzer"].tobytes().decode()).terms
        lengths = index["lengths"]
        own = lengths if allowed is None else lengths[allowed]
        self._size = len(own)
        mean = int(own.sum(dtype=np.uint64)) / self._size if self._size else 1.0
        self._norms = K1 * (1 - B + B * lengths / mean)
        self._allowed = allowed
        self._frequencies: dict[str, int] = {}
        self._ranks = index["ranks"]
        self._terms = Terms(index)

    def __len__(self) -> int:
        return self._size

    def search(self, question: str, top_k: int, within: range | None = None) -> list[tuple[int, float]]:
        """Places and scores of the best ``top_k`` chunks that share a term with the question, best first.

        ``within`` restricts what is found, not what terms weigh. Scores have 9 digits; equal ones are in id order.
        """
        terms = self._of(question)
        if within is None:
            places = self._candidates(terms, top_k)
        else:
            terms = [_cut(term, within) for term in terms]
            places = np.unique(np.concatenate([_NOWHERE, *(term.places for term in terms)]))
        scores = np.zeros(len(places))
        for term in terms:
            found, counts = _found(term, places)
            scores[np.searchsorted(places, found)] += self._given(term.weight, counts, found)
        return self._best(places, scores, top_k)

    def _of(self, question: str) -> list[Term]:
        """The question's terms that occur, in order: sums of floats depend on it."""
        found = []
        for word in sorted(set(self._terms_of(question))):
            places, counts = self._terms.postings(word)
            if frequency := self._frequency(word, places):
                weight = math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))
                found.append(Term(places, counts, weight))
        return found

    def _frequency(self, word: str, places: Array) -> int:
        """Chunks that hold the word, of those allowed."""
        if self._allowed is None:
            return len(places)
        if word not in self._frequencies:
            if len(self._frequencies) >= KEPT:
                self._frequencies.clear()
            self._frequencies[word] = int(np.count_nonzero(self._allowed[places]))
        return self._frequencies[word]

    def _candidates(self, terms: Sequence[Term], top_k: int) -> Array:
        """Places, in order, of all chunks that may be among the best; they share a term with the question."""
        if top_k <= 0:
            return _NOWHERE
        scores, left, probe = np.zeros(len(self._norms)), None, _Probe()
        rest = sum(term.most for term in terms)
        for term in sorted(terms, key=lambda term: len(term.places)):
            if left is not None:
                left = _hopeful(scores, left, top_k, rest)
            elif len(term.places) > COMMON:
                left = _first_hopeful(scores, probe, top_k, rest)
            self._add(term, scores, left)
            rest -= term.most
            probe.add(term.places)
        if left is None:
            left = _first_hopeful(scores, probe, top_k, 0.0)
        return _hopeful(scores, np.flatnonzero(scores) if left is None else left, top_k, 0.0).astype("<u4")

    def _add(self, term: Term, scores: Array, left: Array | None) -> None:
        """Adds what a term gives; only to the places that are ``left`` where looking them up is less work."""
        places, counts = term.places, term.counts
        if left is not None and len(left) * LOOK_UP < len(places):
            places, counts = _found(term, left)
        elif self._allowed is not None:
            passing = self._allowed[places]
            places, counts = places[passing], counts[passing]
        scores[places] += self._given(term.weight, counts, places)

    def _given(self, weight: float, counts: Array, places: Array) -> Array:
        """What a term adds to the score of each place."""
        occurs = counts.astype(np.float64)
        given: Array = weight * occurs * (K1 + 1) / (occurs + self._norms[places])
        return given

    def _best(self, places: Array, scores: Array, top_k: int) -> list[tuple[int, float]]:
        # numpy rounds otherwise than Python, and many chunks may share a score
        distinct, which = np.unique(scores, return_inverse=True)
        rounded = np.array([round(float(score), 9) for score in distinct])[which]
        order = np.lexsort((self._ranks[places], -rounded))[:top_k]
        return [(int(places[at]), float(rounded[at])) for at in order]


def _cut(term: Term, within: range) -> Term:
    own = slice(*np.searchsorted(term.places, np.array([within.start, within.stop], dtype=term.places.dtype)))
    return Term(term.places[own], term.counts[own], term.weight)


def _found(term: Term, places: Array) -> tuple[Array, Array]:
    """Those of the places where a term occurs, and how often it does there."""
    at = np.searchsorted(term.places, places)
    at, places = at[at < len(term.places)], places[at < len(term.places)]
    hit = term.places[at] == places
    return places[hit], term.counts[at[hit]]


class _Probe:
    """A few places that are likely among the best: where the rarest terms occur."""

    def __init__(self) -> None:
        self._parts: list[Array] = []
        self._room = PROBED

    def add(self, places: Array) -> None:
        self._parts.append(places[: self._room])
        self._room -= len(self._parts[-1])

    def reached(self, scores: Array, top_k: int) -> float:
        """What the last of the best of these places has; the last of the best of all has no less."""
        seen = np.zeros(len(scores), dtype=np.bool_)  # marking is ten times as fast as np.unique
        for part in self._parts:
            seen[part] = True
        return _reached(scores[seen], top_k)


def _first_hopeful(scores: Array, probe: _Probe, top_k: int, rest: float) -> Array | None:
    """The places that may be among the best when none can gain more than ``rest``; None while that may be any place."""
    least = probe.reached(scores, top_k) - rest - SLACK
    return np.flatnonzero(scores >= least).astype("<u4") if least > 0 else None


def _hopeful(scores: Array, left: Array, top_k: int, rest: float) -> Array:
    """Those of the places ``left`` that may still be among the best."""
    own = scores[left]
    return left[own >= _reached(own, top_k) - rest - SLACK]


def _reached(scores: Array, top_k: int) -> float:
    """What the last of the best has; 0 when there are fewer."""
    return float(np.partition(scores, -top_k)[-top_k]) if len(scores) >= top_k else 0.0
