"""Retrieval over a snapshot: chunks indexed with title and headings, results as documents that can be cited. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.artifacts import Chunk, RetrievedDocument, SnapshotDocument
from shared.retrieval.bm25 import BM25, Passage


class CorpusIndex:
    """An index over the chunks of some documents. ``documents`` decides which chunks take part."""

    def __init__(self, documents: Iterable[SnapshotDocument], chunks: Iterable[Chunk]) -> None:
        self._documents = {document.document: document for document in documents}
        self._chunks = {chunk.id: chunk for chunk in chunks if chunk.document in self._documents}
        self._bm25 = BM25(Passage(chunk.id, self._searchable(chunk)) for chunk in self._chunks.values())

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

    def as_retrieved(self, chunk_id: str) -> RetrievedDocument:
        """A chunk as a model sees it. Raises KeyError for a chunk that is not indexed."""
        chunk = self._chunks[chunk_id]
        source = self._documents[chunk.document]
        return RetrievedDocument(chunk=chunk.id, url=source.url, title=source.title, text=with_headings(chunk))

    def _searchable(self, chunk: Chunk) -> str:
        return "\n".join([self._documents[chunk.document].title, *chunk.section, chunk.text])


def with_headings(chunk: Chunk) -> str:
    """A chunk's text under its headings, so that a reader knows what it is about."""
    missing = [heading for heading in chunk.section if heading not in chunk.text]
    return "\n".join([*(f"# {heading}" for heading in missing), chunk.text])


def urls_of(documents: Sequence[RetrievedDocument]) -> list[str]:
    """Distinct URLs in order."""
    return list(dict.fromkeys(document.url for document in documents))
