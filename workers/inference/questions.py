"""The questions of a run, shard by shard, and how each is put to an arm's model."""

from __future__ import annotations

from schemas.artifacts import GroundTruth
from schemas.events import ArmEvent
from schemas.experiment import Experiment
from schemas.state import RunRecord
from shared.bedrock.ports import Account
from shared.runs import load_evaluation, shard_of, shards_group
from shared.services import Services


async def missing_shards(services: Services, record: RunRecord, event: ArmEvent) -> list[int]:
    """The arm's shards without answers, in order: all of them at first, few in a revision."""
    shards = map(str, range(record.shards))
    return [int(shard) for shard in await services.fanin.missing(shards_group(event.run, event.arm), shards)]


async def questions_of(services: Services, record: RunRecord, shard: int) -> list[GroundTruth]:
    """The questions of one shard."""
    evaluation = await load_evaluation(services.artifacts, record.run)
    return shard_of(evaluation, shard, record.shard_size)


def account_of(event: ArmEvent, experiment: Experiment) -> Account:
    """Whom the arm's calls are charged to."""
    return Account(f"run/{event.run}", f"arm/{event.arm}", experiment.budget_usd)


def system_of(event: ArmEvent, experiment: Experiment) -> str:
    """The arm's system prompt."""
    return experiment.prompts[experiment.arm(event.arm).prompt]
