"""inference: cuts the evaluation set into shards and answers each with the arm's model."""

from __future__ import annotations

import asyncio

from schemas.artifacts import GroundTruth, Prediction
from schemas.event import Event
from schemas.events import ArmEvent, ArmPredicted, InferenceShardDue, ModelReady, PredictionsReady
from schemas.experiment import Experiment
from shared.bedrock.ports import Account
from shared.errors import Poison
from shared.runs import fail_arm, load_evaluation, load_experiment, outdated, shard_count, shard_of, shards_group
from shared.runtime.worker import Context, Emitted, Worker
from shared.services import Services
from shared.store import keys
from workers.inference.answering import answer, unanswered
from workers.inference.indexes import Indexes
from workers.inference.retrieving import retrieve

PARALLEL_CALLS = 4
"""Model calls in flight per shard."""


class Inference(Worker):
    """ModelReady → one InferenceShardDue per shard → PredictionsReady; the last shard says ArmPredicted."""

    name = "inference"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._indexes = Indexes(services.artifacts)

    async def handle(self, event: Event, context: Context) -> Emitted:
        if isinstance(event, ArmEvent) and await outdated(self.services, event):
            return []
        match event:
            case ModelReady():
                return await self._cut(event)
            case InferenceShardDue():
                return await self._answer_shard(event, context.event_id)
        raise Poison(f"{self.name} does not consume {event.type}")

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        if isinstance(event, ArmEvent) and await outdated(self.services, event):
            return []
        match event:
            case ModelReady():
                return await fail_arm(
                    self.services,
                    event.run,
                    event.arm,
                    stage=self.name,
                    code="gave_up",
                    message=error,
                    by=context.event_id,
                )
            case InferenceShardDue():
                evaluation = await load_evaluation(self.services.artifacts, event.run)
                lost = [unanswered(question, error) for question in shard_of(evaluation, event.shard)]
                return await self._store(event, lost, context.event_id, outcome="failed")
        return []

    async def _cut(self, event: ModelReady) -> Emitted:
        if await self.services.runs.active(event.run) is None:
            return []
        shards = shard_count(len(await load_evaluation(self.services.artifacts, event.run)))
        group = shards_group(event.run, event.arm)
        await self.services.fanin.expect(group, shards)
        missing = await self.services.fanin.missing(group, map(str, range(shards)))  # a revision asks for few
        values = {"run": event.run, "revision": event.revision, "arm": event.arm, "model": event.model}
        return [InferenceShardDue(**values, shard=int(shard)) for shard in missing]

    async def _answer_shard(self, event: InferenceShardDue, by: str) -> Emitted:
        if await self.services.runs.active(event.run) is None:
            return []
        experiment = await load_experiment(self.services.artifacts, event.run)
        questions = shard_of(await load_evaluation(self.services.artifacts, event.run), event.shard)
        gate = asyncio.Semaphore(PARALLEL_CALLS)
        calls = (self._one(gate, event, experiment, question) for question in questions)
        return await self._store(event, await asyncio.gather(*calls), by)

    async def _one(
        self, gate: asyncio.Semaphore, event: InferenceShardDue, experiment: Experiment, question: GroundTruth
    ) -> Prediction:
        index = await self._indexes.of(event.run)
        system = experiment.prompts[experiment.arm(event.arm).prompt]
        account = Account(f"run/{event.run}", f"arm/{event.arm}", experiment.budget_usd)
        bedrock = self.services.bedrock
        async with gate:
            try:
                documents = await retrieve(bedrock, index, question, experiment, account)
            except Poison as error:
                return unanswered(question, error.reason)
            return await answer(
                bedrock, model=event.model, system=system, question=question, documents=documents, account=account
            )

    async def _store(
        self, event: InferenceShardDue, predictions: list[Prediction], by: str, outcome: str = "done"
    ) -> Emitted:
        await self.services.artifacts.write_lines(keys.predictions(event.run, event.arm, event.shard), predictions)
        group = shards_group(event.run, event.arm)
        closes = await self.services.fanin.record_closes(group, str(event.shard), outcome, by=by)
        ready = PredictionsReady(run=event.run, revision=event.revision, arm=event.arm, shard=event.shard)
        predicted = ArmPredicted(run=event.run, revision=event.revision, arm=event.arm)
        return [ready, predicted] if closes else [ready]
