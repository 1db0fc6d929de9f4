"""What words find, put in order by words and by meaning together."""

from __future__ import annotations

from schemas.artifacts import GroundTruth, RetrievedDocument
from shared.bedrock.ports import Account, Bedrock
from shared.hybrid import POOL, nearest_chunks
from shared.retrieval.corpus import CorpusIndex


class Hybrid:
    """``model`` embeds; ``account`` pays for it. Raises Poison when the model cannot be asked."""

    def __init__(self, bedrock: Bedrock, model: str, account: Account, index: CorpusIndex, top_k: int) -> None:
        self._bedrock = bedrock
        self._model = model
        self._account = account
        self._index = index
        self._top_k = top_k

    async def retrieve(self, question: GroundTruth) -> list[RetrievedDocument]:
        asked, candidates = question.question, POOL * self._top_k
        (vector,) = await self._bedrock.embed(model=self._model, texts=[asked], account=self._account)
        nearest = await nearest_chunks(
            self._bedrock, self._model, self._account, self._index, {asked: vector}, candidates
        )
        return list(nearest[asked][: self._top_k])
