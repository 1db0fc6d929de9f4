"""Vectors in the store, so that no text is encoded twice by any process: those of a shard's reference answers in one
object, which its other arms find, those of its answers in another.

Memory and encoder are asked in threads: they make others wait while a text is encoded.
"""

from __future__ import annotations

import numpy as np

from shared.bedrock.embedding_cache import EmbeddingCache, Vectors
from shared.runtime.offload import in_thread
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
        signature, groups = await _lacking(similarity, batch)
        lacking = []
        for group in groups:
            kept = await self._cache.get(signature, group)
            if kept is None:
                lacking.append(group)
            else:
                await _learn(similarity.memory, group, kept)
        return lacking

    async def keep(self, similarity: Similarity, groups: list[list[str]]) -> None:
        for group in groups:
            signature, vectors = await _known(similarity.memory, group)
            await self._cache.put(signature, group, vectors)


@in_thread
def _lacking(similarity: Similarity, batch: Batch) -> tuple[str, list[list[str]]]:
    """The encoder's signature, and the groups of texts of which memory has not all."""
    groups = [sorted(set(texts)) for texts in (similarity.references(batch), similarity.answers(batch))]
    memory = similarity.memory
    return memory.encoder.signature(), [group for group in groups if memory.missing(group)]


@in_thread
def _learn(memory: VectorMemory, group: list[str], vectors: Vectors) -> None:
    memory.learn({text: np.array(vector) for text, vector in zip(group, vectors, strict=True)})


@in_thread
def _known(memory: VectorMemory, group: list[str]) -> tuple[str, Vectors]:
    return memory.encoder.signature(), [memory.of(text).tolist() for text in group]
