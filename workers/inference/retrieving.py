"""What a question is answered from."""

from __future__ import annotations

from schemas.artifacts import GroundTruth, RetrievedDocument
from schemas.experiment import Experiment
from shared.bedrock.ports import Account, Bedrock
from shared.hybrid import nearest_chunks
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread


async def retrieve(
    bedrock: Bedrock, index: CorpusIndex, question: GroundTruth, experiment: Experiment, account: Account
) -> list[RetrievedDocument]:
    """Chunks of the whole corpus that a search finds, or of the documents that the ground truth gives.

    Raises Poison when the embedding model of a hybrid search cannot be asked, or the index holds no vectors of it.
    """
    how, model = experiment.retrieval, experiment.chunks_embedded_by
    if how.by == "ground_truth":
        return await in_thread(index.retrieve_among)(question.documents, question.question, how.top_k)
    if model is not None:
        return await _hybrid(bedrock, model, index, question.question, how.top_k, account)
    return await in_thread(index.retrieve)(question.question, how.top_k)


async def _hybrid(
    bedrock: Bedrock, model: str, index: CorpusIndex, question: str, top_k: int, account: Account
) -> list[RetrievedDocument]:
    (vector,) = await bedrock.embed(model=model, texts=[question], account=account)
    nearest = await nearest_chunks(index, model, {question: vector}, top_k)
    return list(nearest[question][:top_k])
