"""What retrieval found of the documents that reference answers rest on. Pure.

Recall is of documents, not of passages: a chunk counts for the document that it was cut from, by its canonical URL.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schemas.artifacts import GroundTruth
from schemas.experiment import Retrieval
from schemas.report import ArmSlices, RecallAt, RetrievalQuality, Slice
from workers.scorer.documents import Documents
from workers.scorer.pairing import ArmResult, Paired
from workers.scorer.statistics import mean


def retrieval_quality(
    paired: Paired, evaluation: Sequence[GroundTruth], results: Sequence[ArmResult], how: Retrieval,
    documents: Documents,
) -> RetrievalQuality | None:  # fmt: skip
    """Recall over all questions that have references and were asked; None when there is none.

    A question's documents are the same for all arms: those of the first arm that was asked are looked at.
    """
    retrieved = _retrieved(results, documents)
    gold = {pair.id: {documents.resolved(url) for url in pair.references} for pair in evaluation if pair.references}
    asked = sorted(gold.keys() & retrieved.keys())
    if not asked:
        return None
    recall = [recall_at(k, [(gold[id], retrieved[id]) for id in asked]) for k in range(1, how.top_k + 1)]
    whole = frozenset(id for id in asked if gold[id] <= set(retrieved[id][: how.top_k]))
    lost = frozenset(asked) - whole
    slices = [
        ArmSlices(arm=arm, retrieved=_slice(paired, arm, whole), not_retrieved=_slice(paired, arm, lost))
        for arm in paired.scored
    ]
    return RetrievalQuality(by=how.by, n=len(asked), recall=recall, slices=slices)


def retrieved_references(
    evaluation: Sequence[GroundTruth], results: Sequence[ArmResult], how: Retrieval, documents: Documents
) -> dict[str, str]:
    """Of each question that has references and was asked, whether ``all``, ``some`` or ``none`` were retrieved."""
    retrieved = _retrieved(results, documents)
    gold = {pair.id: {documents.resolved(url) for url in pair.references} for pair in evaluation if pair.references}
    return {id: _how_many(gold[id], set(retrieved[id][: how.top_k])) for id in sorted(gold.keys() & retrieved.keys())}


def _how_many(gold: set[str], retrieved: set[str]) -> str:
    if gold <= retrieved:
        return "all"
    return "some" if gold & retrieved else "none"


def recall_at(k: int, questions: Sequence[tuple[set[str], Sequence[str]]]) -> RecallAt:
    """Of questions, each with its reference documents and what was retrieved for it, best first."""
    found = [(gold & set(retrieved[:k]), gold) for gold, retrieved in questions]
    return RecallAt(
        k=k,
        all=_share([both == gold for both, gold in found]),
        any=_share([bool(both) for both, _ in found]),
    )


def _retrieved(results: Sequence[ArmResult], documents: Documents) -> dict[str, list[str]]:
    """By question the URLs of its chunks, best first. A shard that was given up tells nothing of retrieval."""
    found: dict[str, list[str]] = {}
    for result in results:
        for id, prediction in result.predictions.items():
            if id not in found and (prediction.documents or prediction.error is None):
                found[id] = [documents.resolved(document.url) for document in prediction.documents]
    return found


def _share(hits: Sequence[bool]) -> float:
    return mean(np.array(hits, dtype=np.float64)) or 0.0


def _slice(paired: Paired, arm: str, ids: frozenset[str]) -> Slice:
    rouge, citation = (_mean_of(paired, arm, metric, ids) for metric in ("rougeL", "citation_accuracy"))
    return Slice(n=sum(id in ids for id in paired.ids), rougeL=rouge, citation_accuracy=citation)


def _mean_of(paired: Paired, arm: str, metric: str, ids: frozenset[str]) -> float | None:
    chosen = [id in ids for id in paired.ids_of(metric)]
    return mean(paired.values(arm, metric)[np.array(chosen, dtype=bool)])
