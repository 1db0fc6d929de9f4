"""The nearest chunks of a question, by words and by meaning: what is hardest to tell from the document that answers.

Both orders of the same candidates are fused by reciprocal rank. Source: Cormack, Clarke and Büttcher, "Reciprocal Rank
Fusion outperforms Condorcet and individual rank learning methods" (2009), with their constant of 60.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from schemas.artifacts import RetrievedDocument
from shared.bedrock.ports import Account, Bedrock
from shared.retrieval.corpus import CorpusIndex

FUSION = 60
AT_ONCE = 64
"""Questions whose candidates' vectors are held in memory together."""

Nearest = Mapping[str, Sequence[RetrievedDocument]]
"""By question the nearest chunks, nearest first."""


async def nearest_chunks(
    bedrock: Bedrock, model: str, account: Account, index: CorpusIndex, questions: Iterable[str], candidates: int
) -> Nearest:
    """The best ``candidates`` by words of each question, in the order that an embedding model has its say in."""
    wanted, found = list(dict.fromkeys(questions)), dict[str, list[RetrievedDocument]]()
    for start in range(0, len(wanted), AT_ONCE):
        pools = {question: index.retrieve(question, candidates) for question in wanted[start : start + AT_ONCE]}
        texts = list(dict.fromkeys([*pools, *(document.text for pool in pools.values() for document in pool)]))
        vectors = await bedrock.embed(model=model, texts=texts, account=account)
        place = {text: np.array(vector) for text, vector in zip(texts, vectors, strict=True)}
        for question, pool in pools.items():
            likeness = [float(place[question] @ place[document.text]) for document in pool]
            found[question] = [pool[n] for n in fused(likeness)]
    return found


def fused(likeness: Sequence[float]) -> list[int]:
    """Places of a list that is in order of one ranking, in the order of that and of ``likeness`` together. Likeness is
    compared to six digits, so that the last ones of a float decide nothing."""
    by_meaning = sorted(range(len(likeness)), key=lambda n: (-round(likeness[n], 6), n))
    rank = {place: turn for turn, place in enumerate(by_meaning)}
    scores = {n: 1 / (FUSION + n) + 1 / (FUSION + rank[n]) for n in range(len(likeness))}
    return sorted(scores, key=lambda n: (-round(scores[n], 12), n))
