"""Metrics added to a run that has ended: it is opened again as its next revision, and each shard that was scored is
scored for what it lacks. Scores are kept by measure, so nothing else is computed; the last shard closes the count, as
ever, and comparison and report are made again."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.event import Event
from schemas.events import ComparisonDue, PredictionsReady
from schemas.state import RunRecord
from shared.runs import load_experiment, score_item, scores_group
from shared.services import Services
from shared.store import keys


async def not_yet_asked(services: Services, record: RunRecord, metrics: Sequence[str]) -> list[str]:
    """Those of ``metrics`` that the run is not scored by, each once."""
    experiment = await load_experiment(services.artifacts, record.run)
    asked = {*experiment.metrics, *(metric for metrics in record.added_metrics for metric in metrics)}
    return [metric for metric in dict.fromkeys(metrics) if metric not in asked]


async def add_metrics(services: Services, record: RunRecord, metrics: Sequence[str]) -> list[Event]:
    """Opens the run (``revisable``) for these metrics and returns what is to be sent; nothing when it has changed.

    May run again after a crash: shards that were taken back already stay so. What had failed stays failed.
    """
    run, group = record.run, scores_group(record.run)
    scored = await services.fanin.outcomes(group)
    again = [
        (arm.arm, shard)
        for arm in await services.runs.arms(run)
        if arm.status != "failed"
        for shard in range(record.shards)
        if scored.get(score_item(arm.arm, shard), "done") == "done"
    ]
    await services.fanin.take_back(group, [score_item(arm, shard) for arm, shard in again])
    await services.artifacts.objects.delete(keys.run(run, "comparison.json"))
    if not await services.runs.reopen(record, "running", add_metrics=metrics):
        return []
    revision = record.revision + 1
    events = [PredictionsReady(run=run, revision=revision, arm=arm, shard=shard) for arm, shard in again]
    return [*events] or [ComparisonDue(run=run, revision=revision)]
