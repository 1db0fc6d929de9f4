"""The judge as a stage of a run: ComparisonDue → JudgementDue per shard; the last one judged → ComparisonDue."""

from __future__ import annotations

from schemas.artifacts import Failure
from schemas.events import ComparisonDue, JudgementDue
from schemas.state import RunRecord
from shared.runs import judged_item, judgements_group, load_experiment
from shared.runtime.worker import Emitted
from shared.services import Services
from shared.store import keys
from workers.scorer.judge.judging import judge_shard, judged_shards


class Judging:
    """Asks the judge shard by shard, each answered once; the shard that closes the count has the arms compared."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def due(self, event: ComparisonDue, record: RunRecord) -> list[JudgementDue]:
        """The shards that the judge has not been asked of; none where no judge is named, or nothing is compared."""
        experiment = await load_experiment(self._services.artifacts, event.run)
        if experiment.models.judge is None or len(experiment.arms) < 2:
            return []
        group = judgements_group(event.run)
        shards = judged_shards(record)
        await self._services.fanin.expect(group, shards)
        missing = await self._services.fanin.missing(group, map(str, range(shards)))
        return [JudgementDue(run=event.run, revision=event.revision, shard=int(shard)) for shard in missing]

    async def judge(self, event: JudgementDue, by: str) -> Emitted:
        """Asks for a shard, and keeps what was said."""
        record = await self._live(event)
        if record is None:
            return []
        said = await judge_shard(self._services, record, event.shard)
        await self._services.artifacts.write(keys.judged(event.run, event.shard), said)
        return await self._counted(event, by, "done")

    async def not_judged(self, event: JudgementDue, error: str, by: str) -> Emitted:
        """The shard counts as done, its questions as not judged."""
        if await self._live(event) is None:
            return []
        failure = Failure(stage="scorer", item=judged_item(event.shard), code="not_judged", message=error)
        await self._services.runs.add_failure(event.run, failure)
        return await self._counted(event, by, "failed")

    async def _counted(self, event: JudgementDue, by: str, outcome: str) -> Emitted:
        group = judgements_group(event.run)
        closes = await self._services.fanin.record_closes(group, str(event.shard), outcome, by=by)
        return [ComparisonDue(run=event.run, revision=event.revision, judged=True)] if closes else []

    async def _live(self, event: JudgementDue) -> RunRecord | None:
        """The run's record, if it still waits for this."""
        record = await self._services.runs.active(event.run)
        return None if record is None or record.revision != event.revision else record
