"""The toy pipeline: a job polled and told of by events, a fan-out to shards, a fan-in, and a worker that ends it all.

launcher ──ModelReady──► inference ──InferenceShardDue──► inference ──PredictionsReady, ArmPredicted──► scorer
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from schemas.event import Event
from schemas.events import (
    ArmPredicted,
    DatasetReady,
    InferenceShardDue,
    JobPollDue,
    JobStateChanged,
    ModelReady,
    PredictionsReady,
)
from shared.clock import Clock
from shared.runtime.worker import Context, Delayed, Emitted, Worker
from shared.services import Services
from shared.testing.simulation.ledger import Ledger
from shared.testing.simulation.process import Process
from shared.testing.simulation.scene import RUN, Arm, Scene
from shared.topology import Queue, Topology


def topology(visibility_s: int, concurrency: int) -> Topology:
    """The three queues. ``max_receive_count`` is low, so that messages that only wait come near it."""

    def queue(worker: str, *consumes: type[Event]) -> Queue:
        types = tuple(event.type for event in consumes)
        return Queue(
            worker=worker, consumes=types, visibility_timeout_s=visibility_s, concurrency=concurrency,
            max_receive_count=30,
        )  # fmt: skip

    return Topology(
        version=1,
        queues=(
            queue("launcher", DatasetReady, JobPollDue, JobStateChanged),
            queue("inference", ModelReady, InferenceShardDue),
            queue("scorer", PredictionsReady, ArmPredicted),
        ),
    )


class ToyWorker(Worker):
    """What the toy workers share: every run of a handler is in the ledger."""

    def __init__(self, services: Services, scene: Scene, process: Process, ledger: Ledger, random: Random) -> None:
        super().__init__(services)
        self.scene = scene
        self.clock: Clock = process.clock
        self.random = random
        self._process = process
        self._ledger = ledger

    async def handle(self, event: Event, context: Context) -> Emitted:
        with self._ledger.handling(self._process, context.event_id, event):
            return await self.work(event, context)

    async def work(self, event: Event, context: Context) -> Emitted:
        raise NotImplementedError


class Launcher(ToyWorker):
    """Starts an arm's job, polls it, and hears of its end: two finders of one ending."""

    name = "launcher"

    async def work(self, event: Event, context: Context) -> Emitted:
        if isinstance(event, JobStateChanged):
            return self._ready(self.scene.arms[event.job_name.removeprefix("job-")])
        assert isinstance(event, DatasetReady | JobPollDue)
        arm = self.scene.arms[event.arm]
        if arm.started_at is None:
            arm.started_at = self.clock.now()
        if arm.job_done(self.clock.now()):
            return self._ready(arm)
        polls = event.poll if isinstance(event, JobPollDue) else 0
        return [Delayed(JobPollDue(run=RUN, arm=arm.name, poll=polls + 1), arm.poll_s)]

    def _ready(self, arm: Arm) -> Emitted:
        return [ModelReady(run=RUN, arm=arm.name, model=f"model-{arm.name}")]


class Inference(ToyWorker):
    """Fans an arm out to its shards and in again; a shard given up counts as well."""

    name = "inference"

    async def work(self, event: Event, context: Context) -> Emitted:
        if isinstance(event, ModelReady):
            arm = self.scene.arms[event.arm]
            await self.services.fanin.expect(arm.group, len(arm.fates))
            return [arm.shard_due(shard) for shard in range(len(arm.fates))]
        assert isinstance(event, InferenceShardDue)
        await self.clock.sleep(self.scene.duration_s(event, self.random))
        self.scene.misbehave(event, self.random)
        done = self.scene.arms[event.arm].predictions(event.shard)
        return [done, *await self._closing(event, "done", context)]

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        return await self._closing(event, "failed", context) if isinstance(event, InferenceShardDue) else []

    async def _closing(self, event: InferenceShardDue, outcome: str, context: Context) -> list[Event]:
        arm = self.scene.arms[event.arm]
        closes = await self.services.fanin.record_closes(arm.group, str(event.shard), outcome, by=context.event_id)
        return [arm.closing] if closes else []


class Scorer(ToyWorker):
    """The end of the line: that it has completed an event is the event's effect."""

    name = "scorer"

    async def work(self, event: Event, context: Context) -> Emitted:
        await self.clock.sleep(self.random.expovariate(1 / self.scene.work_s))
        return []


WORKERS: dict[str, Callable[..., ToyWorker]] = {worker.name: worker for worker in (Launcher, Inference, Scorer)}
