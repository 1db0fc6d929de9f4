"""The toy pipeline: the real one's events and bookkeeping, and no work.

launcher ──ModelReady──► inference ──InferenceShardDue──► inference ──PredictionsReady, ArmPredicted──► scorer
    ▲  ──JobPollDue──┐                                                    ComparisonDue ──► scorer ──RunScored──► bus
    └────────────────┘

A job is polled and told of by events; an arm fans out to shards and in again; the shards of all arms fan in to the end
of the run. What is given up counts as well, so that a run always ends; a redrive opens its next revision.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from schemas.event import Event
from schemas.events import (
    ArmEvent,
    ArmPredicted,
    ComparisonDue,
    DatasetReady,
    InferenceShardDue,
    JobPollDue,
    JobStateChanged,
    ModelReady,
    PredictionsReady,
    RunScored,
)
from schemas.state import ENDED, RunStatus
from shared.clock import Clock
from shared.errors import Throttled
from shared.runs import fail_arm, outdated, shard_scored, shards_group
from shared.runtime.worker import Context, Delayed, Emitted, Worker
from shared.services import Services
from shared.testing.simulation.ledger import Ledger
from shared.testing.simulation.process import Process
from shared.testing.simulation.scene import RUN, Arm, Scene


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
        with self._ledger.handling(self._process, self.name, context.event_id, event):
            try:
                emitted = await self.work(event, context)
                self._ledger.closings(context.event_id, emitted)
                return emitted
            except Throttled as error:
                self._ledger.saw("handler.throttled")
                self._process.throttle(error.delay_s)
                raise

    async def work(self, event: Event, context: Context) -> Emitted:
        raise NotImplementedError

    async def arm_failed(self, event: Event, error: str, context: Context) -> Emitted:
        """The arm ends as failed, unless it was launched again since."""
        assert isinstance(event, ArmEvent)
        if await outdated(self.services, event):
            return []
        by = context.event_id
        return await fail_arm(self.services, RUN, event.arm, stage=self.name, code="gave_up", message=error, by=by)


class Launcher(ToyWorker):
    """Starts an arm's job, polls it, and hears of its end: two finders of one ending."""

    name = "launcher"

    async def work(self, event: Event, context: Context) -> Emitted:
        if isinstance(event, JobStateChanged):
            arm = self.scene.arms[event.job_name.removeprefix("job-")]
            if arm.deaf and not self.scene.mended:
                raise RuntimeError("a bug in what hears of jobs")
            record = await self.services.runs.arm(RUN, arm.name)
            return await self._ready(arm, record.revision if record else 0, "event")
        assert isinstance(event, DatasetReady | JobPollDue)
        arm = self.scene.arms[event.arm]
        if await outdated(self.services, event):
            return []
        if arm.started_at is None:
            arm.started_at = self.clock.now()
        if arm.job_done(self.clock.now()):
            return await self._ready(arm, event.revision, "poll")
        polls = event.poll + 1 if isinstance(event, JobPollDue) else 0
        return [Delayed(JobPollDue(run=RUN, revision=event.revision, arm=arm.name, poll=polls), arm.poll_s)]

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        if isinstance(event, JobStateChanged):
            return []  # it only comes beside the polls
        return await self.arm_failed(event, error, context)

    async def _ready(self, arm: Arm, revision: int, finder: str) -> Emitted:
        await self.services.runs.set_arm(RUN, arm.name, "ready", model=arm.model)
        arm.finders.add(finder)
        if len(arm.finders) == 2:
            self._ledger.saw("job.seen_by_poll_and_event")
        return [ModelReady(run=RUN, revision=revision, arm=arm.name, model=arm.model)]


class Inference(ToyWorker):
    """Fans an arm out to its shards and in again; a shard given up counts as well."""

    name = "inference"

    async def work(self, event: Event, context: Context) -> Emitted:
        assert isinstance(event, ModelReady | InferenceShardDue)
        if await outdated(self.services, event):
            return []
        if isinstance(event, ModelReady):
            return await self._cut(event)
        await self.clock.sleep(self.scene.duration_s(event, self.random))
        self.scene.misbehave(event, self.random)
        return await self._answered(event, "done", context)

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        if isinstance(event, InferenceShardDue) and not await outdated(self.services, event):
            return await self._answered(event, "failed", context)
        return await self.arm_failed(event, error, context)

    async def _cut(self, event: ModelReady) -> Emitted:
        group = shards_group(RUN, event.arm)
        await self.services.fanin.expect(group, self.scene.shards)
        missing = await self.services.fanin.missing(group, map(str, range(self.scene.shards)))
        named = {"run": RUN, "revision": event.revision, "arm": event.arm, "model": event.model}
        return [InferenceShardDue(**named, shard=int(shard)) for shard in missing]

    async def _answered(self, event: InferenceShardDue, outcome: str, context: Context) -> Emitted:
        group = shards_group(RUN, event.arm)
        closes = await self.services.fanin.record_closes(group, str(event.shard), outcome, by=context.event_id)
        ready = PredictionsReady(run=RUN, revision=event.revision, arm=event.arm, shard=event.shard)
        return [ready, ArmPredicted(run=RUN, revision=event.revision, arm=event.arm)] if closes else [ready]


class Scorer(ToyWorker):
    """The end of the line: that it has completed an event is the event's effect."""

    name = "scorer"

    async def work(self, event: Event, context: Context) -> Emitted:
        if isinstance(event, PredictionsReady):
            await self.clock.sleep(self.random.expovariate(1 / self.scene.work_s))
        return await self._counted(event, "done", "completed", context)

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        return await self._counted(event, "failed", "failed", context)

    async def _counted(self, event: Event, outcome: str, status: RunStatus, context: Context) -> Emitted:
        if isinstance(event, PredictionsReady):
            by = context.event_id
            return await shard_scored(self.services, RUN, event.arm, event.shard, by=by, outcome=outcome)
        return await self._ended(event, status) if isinstance(event, ComparisonDue) else []

    async def _ended(self, event: ComparisonDue, status: RunStatus) -> Emitted:
        record = await self.services.runs.get(RUN)
        if record is None or record.revision != event.revision:
            return []
        if record.status in ENDED:  # a crash came between the run's end and this event's
            status = record.status
        else:
            await self.services.runs.advance(RUN, status, revision=event.revision)
        return [RunScored(run=RUN, revision=event.revision, status=status)]


WORKERS: dict[str, Callable[..., ToyWorker]] = {worker.name: worker for worker in (Launcher, Inference, Scorer)}
