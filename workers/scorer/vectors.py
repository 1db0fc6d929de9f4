"""Vectors in the store, so that no text is encoded twice by any process: those of a shard's reference answers in one
object, which its other arms find, those of its answers in another."""

from __future__ import annotations

import numpy as np

from shared.bedrock.embedding_cache import EmbeddingCache
from shared.store.ports import ObjectStore
from workers.scorer.embedding import VectorMemory
from workers.scorer.measures.measure import Batch
from workers.scorer.measures.similarity import Similarity


class StoredVectors:
    """What a similarity needs of a batch, fetched before it is scored and kept after."""

    def __init__(self, objects: ObjectStore) -> None:
        self._cache = EmbeddingCache(objects)

    async def fetch(self, similarity: Similarity, batch: Batch) -> list[list[str]]:
        """Lets the measure's memory learn what is stored; returns the groups of texts that are not, for ``keep``."""
        lacking = []
        for texts in (similarity.references(batch), similarity.answers(batch)):
            group, memory = sorted(set(texts)), similarity.memory
            if memory.missing(group) and not await self._found(memory, group):
                lacking.append(group)
        return lacking

    async def keep(self, similarity: Similarity, groups: list[list[str]]) -> None:
        memory = similarity.memory
        for group in groups:
            await self._cache.put(memory.encoder.signature(), group, [memory.of(text).tolist() for text in group])

    async def _found(self, memory: VectorMemory, group: list[str]) -> bool:
        kept = await self._cache.get(memory.encoder.signature(), group)
        if kept is not None:
            memory.learn({text: np.array(vector) for text, vector in zip(group, kept, strict=True)})
        return kept is not None
