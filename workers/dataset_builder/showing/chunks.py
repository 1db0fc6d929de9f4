"""Chunks of the documents that samples speak of, read document by document: a run's own chunks.jsonl holds them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import Chunk, RejectedSample, Sample, SnapshotDocument
from shared.concurrency import gathered
from shared.store import keys
from shared.store.artifacts import Artifacts
from workers.dataset_builder.showing.views import Library

KEPT = 64
"""Documents whose chunks are held in memory."""


class ChunkReader:
    """Reads chunks of one corpus under one chunking."""

    def __init__(
        self, artifacts: Artifacts, corpus: str, chunking: str, documents: Mapping[str, SnapshotDocument]
    ) -> None:
        self._artifacts = artifacts
        self._corpus = corpus
        self._chunking = chunking
        self._documents = documents
        self._read: dict[str, list[Chunk]] = {}

    async def library(self, samples: Sequence[Sample | RejectedSample]) -> Library:
        """Documents and chunks of these samples. A document whose chunks are gone has none."""
        names = list(dict.fromkeys(name for sample in samples for name in sample.documents))
        chunks = await gathered(self._chunks(name) for name in names)
        while len(self._read) > KEPT:
            self._read.pop(next(iter(self._read)))
        return Library(self._documents, {chunk.id: chunk for own in chunks for chunk in own})

    async def _chunks(self, document: str) -> list[Chunk]:
        if document not in self._read:
            key = keys.document(self._corpus, document, self._chunking, "chunks.jsonl")
            try:
                self._read[document] = await self._artifacts.read_lines(key, Chunk)
            except KeyError:
                return []
        return self._read[document]
