"""The retrieval index of a run's snapshot, downloaded once per process and run."""

from __future__ import annotations

import asyncio

from schemas.artifacts import SnapshotDocument
from shared.retrieval.corpus import CorpusIndex
from shared.store import indexes, keys
from shared.store.artifacts import Artifacts

KEPT = 2
"""Indexes kept open: the run at hand and the one that ends."""


class Indexes:
    """Indexes by run. Two shards that ask at once wait for one download."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts
        self._open: dict[str, CorpusIndex] = {}
        self._lock = asyncio.Lock()

    async def of(self, run: str) -> CorpusIndex:
        async with self._lock:
            if run not in self._open:
                documents = await self._artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
                self._open[run] = await indexes.load(self._artifacts, run, documents)
                while len(self._open) > KEPT:
                    self._open.pop(next(iter(self._open)))
            return self._open[run]
