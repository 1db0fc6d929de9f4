"""A run's training material without what gives its evaluation set away, before anything is written from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from schemas.artifacts import GroundTruth, Leak
from schemas.experiment import Experiment
from schemas.state import RunRecord
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread
from shared.services import Services
from workers.dataset_builder.holding import leaky_chunks, limits_of, question_vectors, resting_on
from workers.dataset_builder.selection import Known, clean_originals
from workers.dataset_builder.snapshots import Snapshot


async def leaks_of_chunks(
    experiment: Experiment, snapshot: Snapshot, index: Path, training: CorpusIndex, may_teach: frozenset[str]
) -> dict[str, Leak]:
    """Chunks of training documents that say what evaluation documents say, by id. Split by question, both are one."""
    if experiment.split.by == "question":
        return {}
    held = [document for document in snapshot.documents if document.document not in may_teach]
    evaluating = list(CorpusIndex(index, snapshot.chunks, held))
    return {leak.id: leak for leak in await leaky_chunks(training, evaluating, limits_of(experiment))}


async def without_leaks(
    services: Services, run: RunRecord, experiment: Experiment, train: Sequence[GroundTruth],
    evaluation: Sequence[GroundTruth], index: CorpusIndex, leaky: Mapping[str, Leak],
) -> tuple[list[GroundTruth], list[Leak]]:  # fmt: skip
    """The training pairs that do not give the evaluation set away, and the leaks of the others."""
    questions = [pair.question for pair in (*train, *evaluation)]
    vectors = await question_vectors(services.bedrock, experiment, run.run, questions)
    clean, leaks = clean_originals(Known(train, evaluation, limits_of(experiment), vectors))
    chunks = await _own_chunks(clean, index) if leaky else {}
    leaks += resting_on(clean, chunks, leaky)
    bad = {leak.id for leak in leaks}
    return [pair for pair in clean if pair.id not in bad], leaks


@in_thread
def _own_chunks(pairs: Sequence[GroundTruth], index: CorpusIndex) -> dict[str, list[str]]:
    """By pair the chunk of each document it refers to that suits its question best."""
    document_of = {document.url: document.document for document in index.documents}
    return {
        pair.id: [chunk for url in pair.references if (chunk := index.best_of(document_of[url], pair.question))]
        for pair in pairs
    }
