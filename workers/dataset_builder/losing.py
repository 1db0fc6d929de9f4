"""Items that a run expects and that are nowhere: asked for again, and in the end counted as failed with ``lost``."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Failure
from schemas.event import Event
from schemas.events import ArmPredicted, DatasetReady, InferenceShardDue, ModelReady, PredictionsReady
from schemas.state import ArmRecord, RunRecord
from shared.runs import examples_of, fail_arm, score_item, scores_group, shard_scored, shards_group
from shared.runtime.worker import Delayed
from shared.services import Services

ASK_AGAIN_AFTER_S = 3_600
"""Most queues are worked off by then. Asking twice is harmless: the events are named by what they say."""

LOST_AFTER_S = 4 * 24 * 3_600 + 6 * 3_600
"""A queue keeps a message for four days (retention_days), and one that is tried again is given up after six hours:
what a stage has neither recorded nor buried by then is in no queue any more."""

LOST = "no record of it and no message for over four days; was a queue purged, or never worked on?"


def lost(stage: str, item: str) -> Failure:
    """The failure of an item that nobody reported."""
    return Failure(stage=stage, item=item, code="lost", message=LOST)


async def ask_again(services: Services, record: RunRecord, now: float) -> list[Event]:
    """The events of a running run's arms whose outcome is overdue."""
    arms = [arm for arm in await services.runs.arms(record.run) if _age(arm, record, now) >= ASK_AGAIN_AFTER_S]
    return [event for arm in arms for event in await _requests(services, record, arm)]


async def lose_arms(services: Services, record: RunRecord, now: float, by: str) -> list[Event | Delayed]:
    """Counts what is missing of a running run's arms as lost, and returns what follows."""
    arms = [arm for arm in await services.runs.arms(record.run) if _age(arm, record, now) >= LOST_AFTER_S]
    return [event for arm in arms for event in await _lose_arm(services, record, arm, by)]


def _age(arm: ArmRecord, record: RunRecord, now: float) -> float:
    """Seconds since the arm's stage began."""
    return now - (arm.since or record.updated)


async def _requests(services: Services, record: RunRecord, arm: ArmRecord) -> list[Event]:
    """A job's look is not among them: which one it was, only its delayed message knows."""
    if arm.status == "waiting":
        examples = await examples_of(services, arm.run, arm.arm)
        return [DatasetReady(run=arm.run, revision=arm.revision, arm=arm.arm, examples=examples)]
    if arm.status not in ("ready", "predicted"):
        return []
    group = shards_group(arm.run, arm.arm)
    if arm.model is not None and (await services.fanin.progress(group)).expected is None:
        return [ModelReady(run=arm.run, revision=arm.revision, arm=arm.arm, model=arm.model)]
    answers, scores = await missing_shards(services, record, arm)
    named = {"run": arm.run, "revision": record.revision, "arm": arm.arm}
    asked: list[Event] = [InferenceShardDue(**named, shard=shard, model=arm.model or "") for shard in answers]
    return asked + [PredictionsReady(**named, shard=shard) for shard in scores if shard not in answers]


async def missing_shards(services: Services, record: RunRecord, arm: ArmRecord) -> tuple[list[int], list[int]]:
    """The arm's shards without answers, and those without scores."""
    shards = range(record.shards)
    answers = await services.fanin.missing(shards_group(arm.run, arm.arm), map(str, shards))
    items = {score_item(arm.arm, shard): shard for shard in shards}
    scores = await services.fanin.missing(scores_group(arm.run), items)
    return [int(shard) for shard in answers], [items[item] for item in scores]


async def _lose_arm(services: Services, record: RunRecord, arm: ArmRecord, by: str) -> Sequence[Event | Delayed]:
    if arm.status == "failed":
        return []
    if arm.status in ("waiting", "training", "deploying"):
        stage = "finetune-launcher"
        return await fail_arm(services, arm.run, arm.arm, stage=stage, code="lost", message=LOST, by=by)
    return await _lose_shards(services, record, arm, by)


async def _lose_shards(services: Services, record: RunRecord, arm: ArmRecord, by: str) -> Sequence[Event | Delayed]:
    group, emitted = shards_group(arm.run, arm.arm), list[Event | Delayed]()
    await services.fanin.expect(group, record.shards)
    answers, scores = await missing_shards(services, record, arm)
    await services.fanin.record_all(group, map(str, answers), outcome="failed")
    if answers and await services.fanin.closes(group, by):
        emitted.append(ArmPredicted(run=arm.run, revision=record.revision, arm=arm.arm))
    for shard in scores:
        stage = "inference" if shard in answers else "scorer"
        await services.runs.add_failure(arm.run, lost(stage, f"{arm.name}/shard {shard}"))
        emitted += await shard_scored(services, arm.run, arm.arm, shard, by=by, outcome="failed")
    return emitted
