"""A run's next revision: failures that a redrive takes back, and the events that do their items anew.

    dead letter of …                           what is done again
    InferenceShardDue                          the shard: deployment where the arm had one → answers → scores
    ModelReady, DatasetReady, JobPollDue       the arm: job unless it is done → deployment → answers → scores
    PredictionsReady                           the shard's scores
    JudgementDue                               what the judge says, and the comparison
    ComparisonDue, ReportDue                   the comparison, the report

Comparison and report follow from each. What comes before the arms (a document, a sample, the run's request) is part of
what the split and all datasets were made of: it enters a new run, never a finished one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.event import Event
from schemas.events import (
    ComparisonDue,
    DatasetReady,
    InferenceShardDue,
    JobPollDue,
    JudgementDue,
    ModelReady,
    PredictionsReady,
    ReportDue,
)
from schemas.state import ArmRecord, RunRecord
from shared.runs import (
    examples_of,
    judged_item,
    judgements_group,
    load_evaluation,
    score_item,
    scores_group,
    shard_of,
    shards_group,
)
from shared.services import Services
from shared.store import keys

REVISABLE = (
    InferenceShardDue, ModelReady, DatasetReady, JobPollDue, PredictionsReady, JudgementDue, ComparisonDue, ReportDue,
)  # fmt: skip
_COMPARED = (JudgementDue, ComparisonDue)
_OF_AN_ARM = (ModelReady, DatasetReady, JobPollDue)


@dataclass
class Redo:
    """What of one arm is done again. ``whole``: the arm itself had failed."""

    whole: bool = False
    answer: set[int] = field(default_factory=set)
    score: set[int] = field(default_factory=set)


def revisable(record: RunRecord) -> bool:
    """Whether the run has ended after its arms were built; a cancelled run is a person's wish."""
    return record.status in ("completed", "completed_with_failures", "failed") and record.shards > 0


async def revise(services: Services, record: RunRecord, died: Sequence[Event]) -> list[Event]:
    """Takes back the failures of what ``died`` (events of REVISABLE), opens the run and returns what is to be sent.

    May run again after a crash: what is taken back already stays so. Returns nothing when the run changed meanwhile.
    """
    revision, work = record.revision + 1, _sorted_out(died)
    arms = {arm.arm: arm for arm in await services.runs.arms(record.run) if arm.arm in work}
    for arm in arms.values():
        await _take_back(services, record, arm, work[arm.arm])
    compared = bool(arms) or any(isinstance(event, _COMPARED) for event in died)
    if compared:
        await _judge_again(services, record)
        await services.artifacts.objects.delete(keys.run(record.run, "comparison.json"))
    if not await services.runs.reopen(record, "running" if compared else "reporting"):
        return []
    if not compared:
        return [ReportDue(run=record.run, revision=revision)]
    events = [event for arm in arms.values() for event in await _anew(services, arm, work[arm.arm], revision)]
    return events or [ComparisonDue(run=record.run, revision=revision)]


def _sorted_out(died: Iterable[Event]) -> dict[str, Redo]:
    work: dict[str, Redo] = {}
    for event in died:
        if isinstance(event, InferenceShardDue):
            work.setdefault(event.arm, Redo()).answer.add(event.shard)
        elif isinstance(event, PredictionsReady):
            work.setdefault(event.arm, Redo()).score.add(event.shard)
        elif isinstance(event, _OF_AN_ARM):
            work.setdefault(event.arm, Redo()).whole = True
    return work


async def _take_back(services: Services, record: RunRecord, arm: ArmRecord, redo: Redo) -> None:
    """Failure records and fan-in items of the arm; widens ``redo`` by all shards of an arm that had failed."""
    run, group = record.run, shards_group(record.run, arm.arm)
    if redo.whole or arm.status == "failed":
        answered = await services.fanin.outcomes(group)
        shards = set(range(record.shards))
        redo.answer |= {shard for shard in shards if answered.get(str(shard)) != "done"}
        redo.score |= await _not_scored(services, run, arm.arm, shards)
        for stage in ("finetune-launcher", "inference"):
            await services.runs.remove_failure(run, stage, arm.name)
    redo.score -= redo.answer
    await services.fanin.take_back(group, map(str, sorted(redo.answer)))
    again = sorted(redo.answer | redo.score)
    await services.fanin.take_back(scores_group(run), [score_item(arm.arm, shard) for shard in again])
    evaluation = await load_evaluation(services.artifacts, run)
    questions = [pair.id for shard in sorted(redo.answer) for pair in shard_of(evaluation, shard, record.shard_size)]
    for item in [*questions, *(f"shard {shard}" for shard in again)]:
        for stage in ("inference", "scorer"):
            await services.runs.remove_failure(run, stage, f"{arm.name}/{item}")


async def _judge_again(services: Services, record: RunRecord) -> None:
    """All of it: what the judge has said of answers that stay is in the cache, and costs nothing."""
    shards = [str(shard) for shard in range(record.shards + 1)]
    await services.fanin.take_back(judgements_group(record.run), shards)
    for shard in shards:
        await services.runs.remove_failure(record.run, "scorer", judged_item(int(shard)))


async def _not_scored(services: Services, run: str, arm: str, shards: set[int]) -> set[int]:
    scored = await services.fanin.outcomes(scores_group(run))
    return {shard for shard in shards if scored.get(score_item(arm, shard)) != "done"}


async def _anew(services: Services, arm: ArmRecord, redo: Redo, revision: int) -> list[Event]:
    """The arm's own events. Its questions are asked by its launch: a model that was torn down is deployed first."""
    scores = [
        PredictionsReady(run=arm.run, revision=revision, arm=arm.arm, shard=shard) for shard in sorted(redo.score)
    ]
    if not redo.answer:
        if arm.status == "failed":
            await services.runs.relaunch(arm.run, arm.arm, "predicted", revision)
        return [*scores]
    await services.runs.relaunch(arm.run, arm.arm, "waiting", revision)
    examples = await examples_of(services, arm.run, arm.arm)
    return [DatasetReady(run=arm.run, revision=revision, arm=arm.arm, examples=examples), *scores]
