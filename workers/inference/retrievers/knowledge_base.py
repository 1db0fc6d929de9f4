"""Passages of an Amazon Bedrock knowledge base."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.artifacts import GroundTruth, RetrievedDocument, SnapshotDocument
from shared.bedrock.knowledge_bases import KnowledgeBases


class KnowledgeBase:
    """``documents``: of the run's snapshot, in ``bucket``. A knowledge base over that bucket tells objects, not URLs:
    their passages are cited as the snapshot cites them."""

    def __init__(
        self, bases: KnowledgeBases, id: str, top_k: int, bucket: str, documents: Iterable[SnapshotDocument]
    ) -> None:
        self._bases = bases
        self._id = id
        self._top_k = top_k
        self._sources = {f"s3://{bucket}/{document.key}": document for document in documents}

    async def retrieve(self, question: GroundTruth) -> list[RetrievedDocument]:
        found = await self._bases.retrieve(knowledge_base=self._id, question=question.question, top_k=self._top_k)
        return [self._cited(document) for document in found]

    def _cited(self, document: RetrievedDocument) -> RetrievedDocument:
        source = self._sources.get(document.url)
        if source is None:
            return document
        return document.model_copy(update={"url": source.url, "title": source.title})
