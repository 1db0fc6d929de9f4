"""Chunks of the whole corpus that share words with the question, and those of the documents that its pair names."""

from __future__ import annotations

from schemas.artifacts import GroundTruth, RetrievedDocument
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread


class Words:
    """The best ``top_k`` chunks by BM25."""

    def __init__(self, index: CorpusIndex, top_k: int) -> None:
        self._index = index
        self._top_k = top_k

    async def retrieve(self, question: GroundTruth) -> list[RetrievedDocument]:
        return await in_thread(self._index.retrieve)(question.question, self._top_k)


class GivenDocuments:
    """The best chunks of the documents that the ground truth gives for the question: no search for them."""

    def __init__(self, index: CorpusIndex, top_k: int) -> None:
        self._index = index
        self._top_k = top_k

    async def retrieve(self, question: GroundTruth) -> list[RetrievedDocument]:
        return await in_thread(self._index.retrieve_among)(question.documents, question.question, self._top_k)
