"""What a run left in the store for its comparison. Whatever is missing counts as missing, never as an error."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from pydantic import BaseModel

from schemas.artifacts import DatasetManifest, DataSummary, GroundTruth, Prediction, Score, SnapshotDocument
from schemas.experiment import Arm, Experiment, Train
from shared.runs import load_evaluation, shard_count
from shared.services import Services
from shared.sharding import DEFAULT_SIZE
from shared.store import keys
from shared.store.artifacts import Artifacts
from workers.scorer.loss import FILE, read_losses
from workers.scorer.pairing import ArmResult

M = TypeVar("M", bound=BaseModel)


async def load_results(services: Services, run: str, experiment: Experiment, questions: int) -> list[ArmResult]:
    """Every arm in run.yaml's order, with the scores of those that did not fail."""
    record = await services.runs.get(run)
    shards = shard_count(questions, record.shard_size if record else DEFAULT_SIZE)
    return list(await asyncio.gather(*(_load_arm(services, run, arm, shards) for arm in experiment.arms)))


async def load_questions(artifacts: Artifacts, run: str) -> list[GroundTruth]:
    """The evaluation set; empty when the run failed before it was fixed."""
    try:
        return await load_evaluation(artifacts, run)
    except KeyError:
        return []


async def load_aliases(artifacts: Artifacts, run: str) -> dict[str, str]:
    """Other URL of a document → the URL it is cited by."""
    documents = await _lines(artifacts, keys.run(run, "snapshot.jsonl"), SnapshotDocument)
    return {alias: document.url for document in documents for alias in document.aliases}


async def load_summary(artifacts: Artifacts, run: str) -> DataSummary | None:
    return await _one(artifacts, keys.run(run, "summary.json"), DataSummary)


async def _load_arm(services: Services, run: str, arm: Arm, shards: int) -> ArmResult:
    artifacts, record = services.artifacts, await services.runs.arm(run, arm.slug)
    manifest = await _one(artifacts, keys.dataset(run, arm.slug, "manifest.json"), DatasetManifest)
    trained_on, losses = _trained_on(manifest), await _losses(artifacts, run, arm.slug)
    if record is None or record.status == "failed":
        reason = (record.reason if record else None) or "the run ended before this arm was reached"
        return ArmResult(arm, failed=reason, trained_on=trained_on, loss=losses)
    scores, predictions = await asyncio.gather(
        _shards(artifacts, [keys.scores(run, arm.slug, shard) for shard in range(shards)], Score),
        _shards(artifacts, [keys.predictions(run, arm.slug, shard) for shard in range(shards)], Prediction),
    )
    return ArmResult(
        arm,
        scores={score.id: score for score in scores},
        predictions={prediction.id: prediction for prediction in predictions},
        trained_on=trained_on,
        loss=losses,
    )


def _trained_on(manifest: DatasetManifest | None) -> Train | None:
    if manifest is None or not manifest.original + manifest.synthetic:
        return None
    return Train(original=manifest.original, synthetic=manifest.synthetic)


async def _losses(artifacts: Artifacts, run: str, arm: str) -> list[float]:
    listing = artifacts.objects.list(keys.run(run, f"models/{arm}/"))
    found = [stored.key async for stored in listing if stored.key.endswith(f"/{FILE}")]
    # A job that was started again leaves a second folder; the listing is in key order.
    return read_losses(await artifacts.read_bytes(found[-1])) if found else []


async def _shards(artifacts: Artifacts, names: list[str], model: type[M]) -> list[M]:
    shards = await asyncio.gather(*(_lines(artifacts, name, model) for name in names))
    return [line for shard in shards for line in shard]


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
