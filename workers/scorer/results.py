"""What a run left in the store for its comparison. Whatever is missing counts as missing, never as an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from schemas.artifacts import DatasetManifest, DataSummary, GroundTruth, Prediction, Score, SnapshotDocument
from schemas.experiment import Arm, Experiment, Train
from schemas.people import PeopleReport
from shared.concurrency import gathered
from shared.runs import load_evaluation, shard_count
from shared.services import Services
from shared.sharding import DEFAULT_SIZE
from shared.store import keys
from shared.store.artifacts import Artifacts
from workers.scorer.documents import Documents
from workers.scorer.loss import FILE, VALIDATION_FILE, read_losses, read_validation
from workers.scorer.measures.measure import Measure
from workers.scorer.pairing import ArmResult
from workers.scorer.scoring import batch_of, read_scores

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Scored:
    """What scores are looked up by: those of other measures, questions or documents are others."""

    measures: Sequence[Measure]
    questions: Sequence[GroundTruth]
    documents: Documents


async def load_results(services: Services, run: str, experiment: Experiment, scored: Scored) -> list[ArmResult]:
    """Every arm in run.yaml's order, with the scores of those that did not fail."""
    record = await services.runs.get(run)
    shards = shard_count(len(scored.questions), record.shard_size if record else DEFAULT_SIZE)
    return [await _load_arm(services, run, arm, scored, shards) for arm in experiment.arms]


async def load_questions(artifacts: Artifacts, run: str) -> list[GroundTruth]:
    """The evaluation set; empty when the run failed before it was fixed."""
    try:
        return await load_evaluation(artifacts, run)
    except KeyError:
        return []


async def load_documents(artifacts: Artifacts, run: str) -> Documents:
    """What the run's snapshot knows of links."""
    documents = await _lines(artifacts, keys.run(run, "snapshot.jsonl"), SnapshotDocument)
    aliases = {alias: document.url for document in documents for alias in document.aliases}
    return Documents(frozenset(document.url for document in documents), aliases)


async def load_summary(artifacts: Artifacts, run: str) -> DataSummary | None:
    return await _one(artifacts, keys.run(run, "summary.json"), DataSummary)


async def load_people(artifacts: Artifacts, run: str) -> PeopleReport | None:
    """What people said of the answers, if they were asked before the arms are compared (again)."""
    return await _one(artifacts, keys.people(run, "rankings.json"), PeopleReport)


async def _load_arm(services: Services, run: str, arm: Arm, scored: Scored, shards: int) -> ArmResult:
    artifacts, record = services.artifacts, await services.runs.arm(run, arm.slug)
    manifest = await _one(artifacts, keys.dataset(run, arm.slug, "manifest.json"), DatasetManifest)
    trained_on, files = _trained_on(manifest), await _files_of_job(artifacts, run, arm.slug)
    losses, validation = read_losses(files.get(FILE, b"")), read_validation(files.get(VALIDATION_FILE, b""))
    if record is None or record.status == "failed":
        reason = (record.reason if record else None) or "the run ended before this arm was reached"
        return ArmResult(arm, failed=reason, trained_on=trained_on, loss=losses, validation=validation)
    found = await gathered(_load_shard(artifacts, run, arm.slug, shard, scored) for shard in range(shards))
    return ArmResult(
        arm,
        scores={score.id: score for _, scores in found for score in scores},
        predictions={prediction.id: prediction for predictions, _ in found for prediction in predictions},
        trained_on=trained_on,
        loss=losses,
        validation=validation,
    )


async def _load_shard(
    artifacts: Artifacts, run: str, arm: str, shard: int, scored: Scored
) -> tuple[list[Prediction], list[Score]]:
    predictions = await _lines(artifacts, keys.predictions(run, arm, shard), Prediction)
    batch = batch_of(predictions, scored.questions, scored.documents)
    return predictions, await read_scores(artifacts, scored.measures, batch, run=run, arm=arm, shard=shard)


def _trained_on(manifest: DatasetManifest | None) -> Train | None:
    if manifest is None or not manifest.original + manifest.synthetic:
        return None
    return Train(original=manifest.original, synthetic=manifest.synthetic)


async def _files_of_job(artifacts: Artifacts, run: str, arm: str) -> dict[str, bytes]:
    """By name the metrics that the arm's job left; of a job that was started again the last."""
    listing = artifacts.objects.list(keys.run(run, f"models/{arm}/"))
    found = {stored.key.rsplit("/", 1)[-1]: stored.key async for stored in listing}  # in key order: the last one stays
    return {name: await artifacts.read_bytes(found[name]) for name in (FILE, VALIDATION_FILE) if name in found}


async def _lines(artifacts: Artifacts, key: str, model: type[M]) -> list[M]:
    try:
        return await artifacts.read_lines(key, model)
    except KeyError:
        return []


async def _one(artifacts: Artifacts, key: str, model: type[M]) -> M | None:
    try:
        return await artifacts.read(key, model)
    except KeyError:
        return None
