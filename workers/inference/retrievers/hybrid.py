"""What words and meaning find together."""

from __future__ import annotations

from schemas.artifacts import GroundTruth, RetrievedDocument
from shared.bedrock.ports import Account, Bedrock
from shared.hybrid import nearest_chunks
from shared.retrieval.corpus import CorpusIndex


class Hybrid:
    """``model`` embeds; ``account`` pays for it. Raises Poison when the model cannot be asked, or the index holds no
    vectors of it."""

    def __init__(self, bedrock: Bedrock, model: str, account: Account, index: CorpusIndex, top_k: int) -> None:
        self._bedrock = bedrock
        self._model = model
        self._account = account
        self._index = index
        self._top_k = top_k

    async def retrieve(self, question: GroundTruth) -> list[RetrievedDocument]:
        asked = question.question
        (vector,) = await self._bedrock.embed(model=self._model, texts=[asked], account=self._account)
        nearest = await nearest_chunks(self._index, self._model, {asked: vector}, self._top_k)
        return list(nearest[asked][: self._top_k])
