"""The nearest chunks of a question, by words and by meaning: what a model is shown, in training and in serving alike.

Both orders of the same candidates are fused by reciprocal rank. Source: Cormack, Clarke and Büttcher, "Reciprocal Rank
Fusion outperforms Condorcet and individual rank learning methods" (2009), with their constant of 60.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from schemas.artifacts import RetrievedDocument
from shared.bedrock.ports import Account, Bedrock
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread

POOL = 5
"""Chunks looked at for each one shown: what the words find is put in order anew, or passed over."""
FUSION = 60
PORTION = 2_048
"""Texts embedded at a time."""

Vectors = Mapping[str, Sequence[float]]
"""By text: its unit vector."""
Nearest = Mapping[str, Sequence[RetrievedDocument]]
"""By question the nearest chunks, nearest first."""
Array = npt.NDArray[np.float32]


async def nearest_chunks(
    bedrock: Bedrock, model: str, account: Account, index: CorpusIndex, questions: Vectors, candidates: int
) -> Nearest:
    """The best ``candidates`` by words of each question, in the order that an embedding model has its say in.

    ``questions``: by question its vector, of the same model. Each candidate is embedded once, whoever it is one of.
    """
    pools, documents = await _pools(index, list(questions), candidates)
    vectors = await _embedded(bedrock, model, account, {name: found.text for name, found in documents.items()})
    ordered = {}
    for question, pool in pools.items():
        own = np.array(questions[question], np.float32)
        likeness = [float(own @ vectors[name]) for name in pool]
        ordered[question] = [documents[pool[n]] for n in fused(likeness)]
    return ordered


def fused(likeness: Sequence[float]) -> list[int]:
    """Places of a list that is in order of one ranking, in the order of that and of ``likeness`` together. Likeness is
    compared to five digits, so that the last ones of a float decide nothing."""
    by_meaning = sorted(range(len(likeness)), key=lambda n: (-round(likeness[n], 5), n))
    rank = {place: turn for turn, place in enumerate(by_meaning)}
    scores = {n: 1 / (FUSION + n) + 1 / (FUSION + rank[n]) for n in range(len(likeness))}
    return sorted(scores, key=lambda n: (-round(scores[n], 12), n))


@in_thread
def _pools(
    index: CorpusIndex, questions: Iterable[str], candidates: int
) -> tuple[dict[str, list[str]], dict[str, RetrievedDocument]]:
    """Ids of the candidates by question, and each candidate once."""
    pools, documents = dict[str, list[str]](), dict[str, RetrievedDocument]()
    for question in questions:
        found = index.retrieve(question, candidates)
        pools[question] = [document.chunk for document in found]
        documents |= {document.chunk: document for document in found if document.chunk not in documents}
    return pools, documents


async def _embedded(bedrock: Bedrock, model: str, account: Account, texts: Mapping[str, str]) -> dict[str, Array]:
    names, vectors = sorted(texts), dict[str, Array]()
    for start in range(0, len(names), PORTION):
        some = names[start : start + PORTION]
        found = await bedrock.embed(model=model, texts=[texts[name] for name in some], account=account)
        vectors |= {name: np.array(vector, np.float32) for name, vector in zip(some, found, strict=True)}
    return vectors
