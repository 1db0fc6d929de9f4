"""The retrieval index of a run's snapshot, built once per process and run."""

from __future__ import annotations

import asyncio

from schemas.artifacts import Chunk, SnapshotDocument
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread
from shared.store import keys
from shared.store.artifacts import Artifacts

_built = in_thread(CorpusIndex)

KEPT = 2
"""Indexes held in memory: the run at hand and the one that ends."""


class Indexes:
    """Indexes by run. Two shards that ask at once wait for one build."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts
        self._built: dict[str, CorpusIndex] = {}
        self._lock = asyncio.Lock()

    async def of(self, run: str) -> CorpusIndex:
        async with self._lock:
            if run not in self._built:
                documents = await self._artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
                chunks = await self._artifacts.read_lines(keys.run(run, "chunks.jsonl"), Chunk)
                self._built[run] = await _built(documents, chunks)
                while len(self._built) > KEPT:
                    self._built.pop(next(iter(self._built)))
            return self._built[run]
