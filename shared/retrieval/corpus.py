"""Retrieval over a snapshot: chunks indexed with title and headings, results as documents that can be cited.

Nothing of the corpus is held in memory: index and chunks are memory-mapped files, which may be deleted once opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

from schemas.artifacts import Chunk, RetrievedDocument, SnapshotDocument
from shared.retrieval.bm25 import BM25
from shared.retrieval.container import Array, Container
from shared.retrieval.dense import Dense, digest
from shared.retrieval.fusion import fused
from shared.retrieval.mapped import mapped
from shared.retrieval.passages import with_headings


@dataclass(frozen=True)
class Hit:
    """One result; a higher score is better."""

    id: str
    score: float


class CorpusIndex:
    """An index over the chunks of some documents. ``documents`` decides which chunks take part: what is found, and
    what terms weigh, is as if the others did not exist. May be used by many threads at once."""

    def __init__(
        self, index: Path, chunks: Path, documents: Iterable[SnapshotDocument], vectors: Path | None = None
    ) -> None:
        """``index``: as ``build_index`` wrote it over ``chunks``; ``vectors``: theirs, as ``write_dense`` did.

        Raises ValueError when a file is of another version or of other chunks, AnalyzerChanged when questions would be
        read otherwise than the chunks were, BadInput when the index's analyzer is not installed.
        """
        stored = Container(index)
        self._documents = {document.document: document for document in documents}
        self._by_url: dict[str, list[str]] = {}
        for name, document in self._documents.items():
            self._by_url.setdefault(document.url, []).append(name)
        self._lines = mapped(chunks)
        self._offsets = stored["offsets"]
        self._ids, self._places, self._ranks = stored["ids"], stored["places_by_id"], stored["ranks"]
        self._ranges = _ranges(stored, self._documents)
        self._allowed = np.zeros(len(self._offsets), dtype=np.bool_)
        for own in self._ranges.values():
            self._allowed[own.start : own.stop] = True
        self._bm25 = BM25(stored, None if self._allowed.all() else self._allowed)
        self._dense = Dense(vectors, self.digest, self._ranks) if vectors else None

    @property
    def documents(self) -> list[SnapshotDocument]:
        """Those that the index is opened over."""
        return list(self._documents.values())

    @property
    def total(self) -> int:
        """Chunks of the whole snapshot, whatever documents the index is opened over."""
        return len(self._offsets)

    @property
    def digest(self) -> bytes:
        """Of the whole snapshot's chunks and their order."""
        return digest(self._ids[self._ranks])

    @property
    def embedded_by(self) -> str | None:
        """The model whose vectors of the chunks are at hand."""
        return self._dense.model if self._dense else None

    def __len__(self) -> int:
        return len(self._bm25)

    def __iter__(self) -> Iterator[Chunk]:
        """The chunks in the order of the snapshot, read one by one."""
        return (self._chunk(place) for own in self._ranges.values() for place in own)

    def ids(self) -> Array:
        """The ids, as bytes, of the chunks in the order of the snapshot."""
        own: Array = self._ids[self._ranks[self._allowed]]
        return own

    def search(self, question: str, top_k: int) -> list[Hit]:
        """The ids of the best chunks for a question, best first; equal scores (of 9 digits) in the order of the ids."""
        return [Hit(self._chunk(place).id, score) for place, score in self._bm25.search(question, top_k)]

    def retrieve(self, question: str, top_k: int) -> list[RetrievedDocument]:
        """The best chunks for a question, best first."""
        return [self._seen(self._chunk(place)) for place, _ in self._bm25.search(question, top_k)]

    def nearest(
        self, questions: Sequence[str], vectors: Sequence[Sequence[float]], *, candidates: int, depth: int
    ) -> list[list[RetrievedDocument]]:
        """By question the best ``candidates`` by words and by meaning together, best first; a chunk need not share a
        word with it. ``vectors``: the questions'. The first ``depth`` of either search decide (see ``fused``).

        Raises LookupError when the index holds no vectors.
        """
        if self._dense is None:
            raise LookupError("the index holds no vectors")
        by_meaning = self._dense.nearest(vectors, candidates, self._allowed)
        found = []
        for question, meant in zip(questions, by_meaning, strict=True):
            said = [place for place, _ in self._bm25.search(question, candidates)]
            found.append([self._seen(self._chunk(place)) for place in fused(said, meant, depth)[:candidates]])
        return found

    def shown(self, place: int) -> str:
        """The text of a chunk, by its place in the snapshot, as a model sees it and as it is embedded."""
        return with_headings(self._chunk(place))

    def retrieve_among(self, urls: Iterable[str], question: str, top_k: int) -> list[RetrievedDocument]:
        """Chunks of the documents with these URLs, which take turns in the order given: the best of each for the
        question, then the second best. Chunks that share no word with it come last, in the order of the text."""
        names = [name for url in dict.fromkeys(urls) for name in self._by_url.get(url, [])]
        turns = zip_longest(*(self._in_order(name, question, top_k) for name in names))
        places = [place for turn in turns for place in turn if place is not None]
        return [self._seen(self._chunk(place)) for place in places[:top_k]]

    def _in_order(self, document: str, question: str, top_k: int) -> list[int]:
        """Places of a document's chunks, those that suit the question best first."""
        own = self._ranges.get(document, range(0))
        found = [place for place, _ in self._bm25.search(question, top_k, within=own)] if own else []
        return list(dict.fromkeys([*found, *own]))[:top_k]

    def best_of(self, document: str, question: str) -> str | None:
        """The id of the chunk of one document that suits a question best; None for an unknown document."""
        own = self._ranges.get(document, range(0))
        if not own:
            return None
        found = [place for place, _ in self._bm25.search(question, 1, within=own)]
        return self._chunk(found[0]).id if found else min(map(self._chunk, own), key=lambda chunk: chunk.start).id

    def chunk(self, chunk_id: str) -> Chunk:
        """Raises KeyError for a chunk that is not indexed."""
        sought = chunk_id.encode("utf-8", "surrogatepass")
        # numpy would widen all ids to compare them with a longer one
        at = int(np.searchsorted(self._ids, np.bytes_(sought))) if len(sought) <= self._ids.itemsize else -1
        if at in range(len(self._ids)) and self._ids[at] == sought:
            chunk = self._chunk(int(self._places[at]))
            if chunk.document in self._documents:
                return chunk
        raise KeyError(chunk_id)

    def as_retrieved(self, chunk_id: str) -> RetrievedDocument:
        """A chunk as a model sees it. Raises KeyError for a chunk that is not indexed."""
        return self._seen(self.chunk(chunk_id))

    def _chunk(self, place: int) -> Chunk:
        start = int(self._offsets[place])
        end = self._lines.find(b"\n", start)
        return Chunk.model_validate_json(self._lines[start : end if end >= 0 else None])

    def _seen(self, chunk: Chunk) -> RetrievedDocument:
        source = self._documents[chunk.document]
        return RetrievedDocument(chunk=chunk.id, url=source.url, title=source.title, text=with_headings(chunk))


def _ranges(stored: Container, documents: Iterable[str]) -> dict[str, range]:
    """The places of each document's chunks, in the order of the snapshot. One without chunks is left out."""
    names, starts = stored["documents"], stored["document_starts"].tolist()
    ends = [*starts[1:], len(stored["offsets"])]
    known = frozenset(documents)
    spans = zip((name.decode() for name in names), map(range, starts, ends), strict=True)
    return {name: own for name, own in spans if name in known}
