"""What a question is answered from."""

from __future__ import annotations

from schemas.artifacts import GroundTruth, RetrievedDocument
from schemas.experiment import Retrieval
from shared.retrieval.corpus import CorpusIndex


def retrieve(index: CorpusIndex, question: GroundTruth, how: Retrieval) -> list[RetrievedDocument]:
    """Chunks of the whole corpus that a search finds, or of the documents that the ground truth gives."""
    if how.by == "ground_truth":
        return index.retrieve_among(question.documents, question.question, how.top_k)
    return index.retrieve(question.question, how.top_k)
