"""Retrieval as plainly as it can be written, all in memory: what the index on disk must agree with.

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with Lucene's
non-negative inverse document frequency. Headings are indexed with the text that stands under them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.artifacts import Chunk, RetrievedDocument, SnapshotDocument
from shared.retrieval.passages import searchable, with_headings
from shared.text.words import match_words

K1 = 1.2
B = 0.75


@dataclass(frozen=True)
class Passage:
    """What is indexed: an id, and the text with its title and headings in front."""

    id: str
    text: str


@dataclass(frozen=True)
class Hit:
    """One result; a higher score is better."""

    id: str
    score: float


class BM25:
    """An index over passages. Equal scores are ordered by id, so that the order never depends on the input's."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._ids: list[str] = []
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        for passage in sorted(passages, key=lambda p: p.id):
            self._add(passage)
        self._mean_length = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, question: str, top_k: int, exclude: Sequence[str] = ()) -> list[Hit]:
        """The best ``top_k`` passages that share a term with the question."""
        scores: dict[int, float] = defaultdict(float)
        for term in sorted(set(match_words(question))):
            postings = self._postings.get(term, [])
            weight = self._idf(len(postings))
            for place, count in postings:
                norm = K1 * (1 - B + B * self._lengths[place] / self._mean_length)
                scores[place] += weight * count * (K1 + 1) / (count + norm)
        hits = [Hit(self._ids[place], round(score, 9)) for place, score in scores.items()]
        barred = frozenset(exclude)
        best = sorted((hit for hit in hits if hit.id not in barred), key=lambda hit: (-hit.score, hit.id))
        return best[:top_k]

    def _add(self, passage: Passage) -> None:
        counts = Counter(match_words(passage.text))
        place = len(self._ids)
        self._ids.append(passage.id)
        self._lengths.append(sum(counts.values()))
        for term, count in counts.items():
            self._postings[term].append((place, count))

    def _idf(self, documents: int) -> float:
        return math.log(1 + (len(self._ids) - documents + 0.5) / (documents + 0.5))


class PlainIndex:
    """An index over the chunks of some documents. ``documents`` decides which chunks take part."""

    def __init__(self, documents: Iterable[SnapshotDocument], chunks: Iterable[Chunk]) -> None:
        self._documents = {document.document: document for document in documents}
        self._chunks = {chunk.id: chunk for chunk in chunks if chunk.document in self._documents}
        self._bm25 = BM25(
            Passage(chunk.id, searchable(self._documents[chunk.document].title, chunk))
            for chunk in self._chunks.values()
        )

    def __len__(self) -> int:
        return len(self._chunks)

    def retrieve(self, question: str, top_k: int) -> list[RetrievedDocument]:
        """The best chunks for a question, best first."""
        return [self.as_retrieved(hit.id) for hit in self._bm25.search(question, top_k)]

    def best_of(self, document: str, question: str) -> str | None:
        """The id of the chunk of one document that suits a question best; None for an unknown document."""
        own = [chunk.id for chunk in self._chunks.values() if chunk.document == document]
        if not own:
            return None
        others = [chunk.id for chunk in self._chunks.values() if chunk.document != document]
        hits = self._bm25.search(question, 1, exclude=others)
        return hits[0].id if hits else min(own, key=lambda chunk_id: self._chunks[chunk_id].start)

    def search(self, question: str, top_k: int) -> list[Hit]:
        return self._bm25.search(question, top_k)

    def as_retrieved(self, chunk_id: str) -> RetrievedDocument:
        """A chunk as a model sees it. Raises KeyError for a chunk that is not indexed."""
        chunk = self._chunks[chunk_id]
        source = self._documents[chunk.document]
        return RetrievedDocument(chunk=chunk.id, url=source.url, title=source.title, text=with_headings(chunk))
