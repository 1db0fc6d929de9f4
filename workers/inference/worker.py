"""inference: cuts the evaluation set into shards and answers each with the arm's model."""

from __future__ import annotations

import asyncio

from schemas.artifacts import GroundTruth, Prediction
from schemas.event import Event
from schemas.events import ArmEvent, ArmPredicted, InferenceBatchDue, InferenceShardDue, ModelReady, PredictionsReady
from schemas.experiment import Experiment
from schemas.state import RunRecord
from shared.batching import look_delay_s
from shared.bedrock.serving import serving_of
from shared.errors import Poison
from shared.runs import fail_arm, load_experiment, outdated, shards_group
from shared.runtime.worker import Context, Delayed, Emitted, Worker
from shared.services import Services
from shared.sharding import PARALLEL_CALLS
from shared.store import keys
from workers.inference.answering import answer, unanswered
from workers.inference.batching import Batching
from workers.inference.questions import account_of, missing_shards, questions_of, system_of
from workers.inference.retrievers.choosing import Retrievers
from workers.inference.retrievers.port import Retriever


class Inference(Worker):
    """ModelReady → one InferenceShardDue per shard → PredictionsReady; the last shard says ArmPredicted.

    In a run that is answered by batch inference an InferenceBatchDue comes before the shards, and returns until the
    arm's job has ended.
    """

    name = "inference"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._retrievers = Retrievers(services)
        self._batching = Batching(services, self._retrievers)

    async def handle(self, event: Event, context: Context) -> Emitted:
        if isinstance(event, ArmEvent) and await outdated(self.services, event):
            return []
        match event:
            case ModelReady():
                return await self._begin(event)
            case InferenceBatchDue():
                return await self._batch(event)
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
            case InferenceBatchDue():
                record = await self.services.runs.active(event.run)
                return [] if record is None else await self._cut(event, record)
            case InferenceShardDue():
                return await self._give_up(event, error, context.event_id)
        return []

    async def _begin(self, event: ModelReady) -> Emitted:
        record = await self.services.runs.active(event.run)
        if record is None:
            return []
        experiment = await load_experiment(self.services.artifacts, event.run)
        if await self._batching.route(event.run, experiment) == "batch":
            return [InferenceBatchDue(run=event.run, revision=event.revision, arm=event.arm, model=event.model)]
        return await self._cut(event, record)

    async def _batch(self, event: InferenceBatchDue) -> Emitted:
        record = await self.services.runs.active(event.run)
        if record is None:
            await self._batching.stop(event)
            return []
        experiment = await load_experiment(self.services.artifacts, event.run)
        if await self._batching.settled(event, record, experiment):
            return await self._cut(event, record)
        return [Delayed(event.model_copy(update={"poll": event.poll + 1}), look_delay_s(event.poll))]

    async def _cut(self, event: ModelReady | InferenceBatchDue, record: RunRecord) -> Emitted:
        await self.services.fanin.expect(shards_group(event.run, event.arm), record.shards)
        values = {"run": event.run, "revision": event.revision, "arm": event.arm, "model": event.model}
        missing = await missing_shards(self.services, record, event)
        return [InferenceShardDue(**values, shard=shard) for shard in missing]

    async def _answer_shard(self, event: InferenceShardDue, by: str) -> Emitted:
        record = await self.services.runs.active(event.run)
        if record is None:
            return []
        experiment = await load_experiment(self.services.artifacts, event.run)
        retriever = await self._retrievers.of(event.run, experiment, account_of(event, experiment))
        gate = asyncio.Semaphore(PARALLEL_CALLS)
        questions = await questions_of(self.services, record, event.shard)
        calls = (self._one(gate, event, experiment, retriever, question) for question in questions)
        return await self._store(event, await asyncio.gather(*calls), by)

    async def _one(
        self, gate: asyncio.Semaphore, event: InferenceShardDue, experiment: Experiment, retriever: Retriever,
        question: GroundTruth,
    ) -> Prediction:  # fmt: skip
        async with gate:
            try:
                documents = await retriever.retrieve(question)
            except Poison as error:
                return unanswered(question, error.reason)
            return await answer(
                self.services.bedrock, model=event.model, system=system_of(event, experiment), question=question,
                documents=documents, account=account_of(event, experiment), serving=serving_of(experiment.inference),
            )  # fmt: skip

    async def _give_up(self, event: InferenceShardDue, error: str, by: str) -> Emitted:
        record = await self.services.runs.get(event.run)
        if record is None:
            return []
        questions = await questions_of(self.services, record, event.shard)
        return await self._store(event, [unanswered(question, error) for question in questions], by, outcome="failed")

    async def _store(
        self, event: InferenceShardDue, predictions: list[Prediction], by: str, outcome: str = "done"
    ) -> Emitted:
        await self.services.artifacts.write_lines(keys.predictions(event.run, event.arm, event.shard), predictions)
        group = shards_group(event.run, event.arm)
        closes = await self.services.fanin.record_closes(group, str(event.shard), outcome, by=by)
        ready = PredictionsReady(run=event.run, revision=event.revision, arm=event.arm, shard=event.shard)
        predicted = ArmPredicted(run=event.run, revision=event.revision, arm=event.arm)
        return [ready, predicted] if closes else [ready]
