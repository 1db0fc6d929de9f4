"""What the judge said of a run, from the store to the report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from schemas.experiment import Experiment
from schemas.judging import JudgedShard
from schemas.report import JudgeReport
from schemas.state import RunRecord
from shared.runtime.offload import in_thread
from shared.services import Services
from shared.store import keys
from workers.scorer.judge.judging import judged_shards
from workers.scorer.judge.reporting import judge_report
from workers.scorer.pairing import ArmResult


async def judged(
    services: Services, record: RunRecord, experiment: Experiment, results: Sequence[ArmResult]
) -> JudgeReport | None:
    """None where nothing was said. A shard that could not be judged is missing, and is told of."""
    if experiment.models.judge is None:
        return None
    shards = await asyncio.gather(*(_shard(services, record.run, shard) for shard in range(judged_shards(record))))
    said = [shard for shard in shards if shard is not None]
    lengths = {
        result.arm.slug: {id: len(prediction.answer) for id, prediction in result.predictions.items()}
        for result in results
    }
    return await in_thread(judge_report)(experiment, said, lengths, len(shards) - len(said))


async def _shard(services: Services, run: str, shard: int) -> JudgedShard | None:
    try:
        return await services.artifacts.read(keys.judged(run, shard), JudgedShard)
    except KeyError:
        return None
