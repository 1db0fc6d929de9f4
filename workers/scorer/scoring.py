"""The scores of a shard: computed measure by measure, each kept under a name that says all it follows from.

Scoring a shard again, or with one more measure, computes only what is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.artifacts import GroundTruth, Prediction, Score
from schemas.experiment import Experiment
from schemas.state import RunRecord
from shared.concurrency import gathered
from shared.runtime.offload import in_thread
from shared.store import keys
from shared.store.artifacts import Artifacts
from workers.scorer.documents import Documents
from workers.scorer.measures.measure import Batch, Item, Measure, artifact_name
from workers.scorer.measures.registry import Instruments, setting_of
from workers.scorer.measures.similarity import Similarity
from workers.scorer.vectors import StoredVectors


def asked(experiment: Experiment, record: RunRecord, instruments: Instruments) -> list[Measure]:
    """The run's measures: of run.yaml's metrics, then of each later request, so that no request changes another's."""
    requests = [experiment.metrics, *record.added_metrics]
    setting = setting_of(experiment.scoring)
    return [measure for metrics in requests for measure in instruments.measures(metrics, setting)]


def all_metrics(experiment: Experiment, record: RunRecord) -> list[str]:
    """Those of run.yaml, then those that were asked for later."""
    return list(dict.fromkeys([*experiment.metrics, *(name for names in record.added_metrics for name in names)]))


def batch_of(predictions: Sequence[Prediction], evaluation: Iterable[GroundTruth], documents: Documents) -> Batch:
    """In the order of the predictions. One with an ``error``, or of an unknown question, has no part in it."""
    truth = {pair.id: pair for pair in evaluation}
    found = [(answer, truth[answer.id]) for answer in predictions if answer.error is None and answer.id in truth]
    return Batch([_item(answer, pair) for answer, pair in found], documents)


async def score_shard(
    artifacts: Artifacts, vectors: StoredVectors, measures: Sequence[Measure], batch: Batch, *, run: str, arm: str,
    shard: int,
) -> None:  # fmt: skip
    """Writes the scores of each measure that has none of this batch yet."""
    there = {stored.key async for stored in artifacts.objects.list(keys.scores(run, arm, shard))}
    names = await _names(measures, batch)
    for measure, name in zip(measures, names, strict=True):
        if (key := keys.scores(run, arm, shard, name)) not in there:
            scores = await _scored(measure, batch, vectors)
            await artifacts.write_lines(key, [score.model_copy(update={"arm": arm}) for score in scores])


async def read_scores(
    artifacts: Artifacts, measures: Sequence[Measure], batch: Batch, *, run: str, arm: str, shard: int
) -> list[Score]:
    """The scores of a shard, those of all measures laid together; what was not scored is left out."""
    names = await _names(measures, batch)
    found = await gathered(_read(artifacts, keys.scores(run, arm, shard, name)) for name in names)
    return laid_together([score for scores in found for score in scores])


def laid_together(scores: Iterable[Score]) -> list[Score]:
    """One score for each answer, with the metrics and details of all of its parts."""
    whole: dict[str, Score] = {}
    for part in scores:
        before = whole.get(part.id, part)
        whole[part.id] = part.model_copy(
            update={
                "values": {**before.values, **part.values},
                "rouge": {**before.rouge, **part.rouge},
                "citation": part.citation or before.citation,
            }
        )
    return list(whole.values())


async def _scored(measure: Measure, batch: Batch, vectors: StoredVectors) -> list[Score]:
    if not isinstance(measure, Similarity):
        return await in_thread(measure.score)(batch)
    lacking = await vectors.fetch(measure, batch)
    scores = await in_thread(measure.score)(batch)
    await vectors.keep(measure, lacking)
    return scores


@in_thread
def _names(measures: Sequence[Measure], batch: Batch) -> list[str]:
    """In a thread, as a signature may load a model."""
    return [artifact_name(measure, batch) for measure in measures]


async def _read(artifacts: Artifacts, key: str) -> list[Score]:
    try:
        return await artifacts.read_lines(key, Score)
    except KeyError:
        return []


def _item(answer: Prediction, pair: GroundTruth) -> Item:
    return Item(
        id=answer.id,
        answer=answer.answer,
        reference=pair.answer,
        links=tuple(pair.references),
        retrieved=tuple(document.url for document in answer.documents),
    )
