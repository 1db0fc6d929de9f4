"""The port of retrieval."""

from __future__ import annotations

from typing import Protocol

from schemas.artifacts import GroundTruth, RetrievedDocument


class Retriever(Protocol):
    """Made for one run; the same question gets the same documents, whoever asks and however often."""

    async def retrieve(self, question: GroundTruth) -> list[RetrievedDocument]:
        """What a model is given to answer from, best first. Raises Poison where nothing can be retrieved for this
        question, with the reason; Throttled and Retryable where it can later."""
        ...
