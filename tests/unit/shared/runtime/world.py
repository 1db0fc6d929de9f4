"""The real runtime on fake queues, a fake clock and memory: what the tests of this folder play through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import structlog

from schemas.envelope import Envelope
from schemas.event import Event
from schemas.events import ArmPredicted, ModelReady, PredictionsReady, RunScored
from shared.observe.metrics import Meter, Silent
from shared.runtime.backoff import Backoff
from shared.runtime.consumer import Consumer
from shared.runtime.deadletter import DeadLetters
from shared.runtime.delivery import Desk, Limits
from shared.runtime.heartbeat import in_this_loop
from shared.runtime.leases import Renewals
from shared.runtime.outbox import Outbox
from shared.runtime.pause import Pause
from shared.runtime.worker import Context, Emitted, Worker
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.store.unrecorded import Unrecorded
from shared.testing import FakeBus, FakeClock, FakeQueue, MemoryObjectStore, MemoryTable, memory_services
from shared.topology import load_topology

EVENT = ModelReady(run="r1", arm="a", model="m")
Handler = Callable[[Event, Context], Awaitable[Emitted]]


class Crash(BaseException):
    """A kill -9: nothing catches it, nothing is cleaned up."""


async def one_shard(event: Event, context: Context) -> Emitted:
    return [PredictionsReady(run="r1", arm="a", shard=0), RunScored(run="r1", status="completed")]


async def no_failure(event: Event, error: str, context: Context) -> Emitted:
    return [ArmPredicted(run="r1", arm="a")]


@dataclass
class World:
    """One inference queue, its worker's handlers, and everything around. Processes come and go; this stays."""

    clock: FakeClock = field(default_factory=FakeClock)
    handler: Handler = one_shard
    failed: Callable[[Event, str, Context], Awaitable[Emitted]] = no_failure
    grace_s: float = 20.0
    concurrency: int | None = None
    idempotent: bool = False
    meter: Meter = field(default_factory=Silent)

    def __post_init__(self) -> None:
        self.topology = load_topology(None)
        self.objects, self.table, self.bus = MemoryObjectStore(), MemoryTable(), FakeBus()
        self.dead = FakeQueue("dead", self.clock)
        topic = self.topology.queue("inference")
        self.topic = topic if self.concurrency is None else topic.model_copy(update={"concurrency": self.concurrency})
        self.queue = FakeQueue(
            "inference", self.clock, max_receive_count=topic.max_receive_count, dead_letters=self.dead
        )
        self.queues = {q.worker: FakeQueue(q.worker, self.clock) for q in self.topology.queues}
        self.queues["inference"] = self.queue
        recorded = IdempotencyStore(self.table, EventArchive(self.objects), self.clock.now)
        self.store = Unrecorded(self.clock.now) if self.idempotent else recorded
        self.handled: list[tuple[str, int]] = []
        self.failures: list[str] = []
        self._owners = count(1)

    def consumer(self) -> Consumer:
        """A new process."""
        beating = in_this_loop(Renewals(self.queue, self.store))
        return Consumer(self.desk(), self.queue, self.topic, self.objects, beating, grace_s=self.grace_s, wait_s=20)

    def desk(self) -> Desk:
        backoff = Backoff(lambda: 0.5)
        return Desk(
            worker=_Scripted(self), store=self.store, pause=Pause(self.clock), clock=self.clock, backoff=backoff,
            outbox=Outbox("inference", self.topology, self.queues, self.bus, self.objects, self.clock, backoff),
            dead_letters=DeadLetters(self.dead, "inference", self.clock, backoff),
            limits=Limits(self.topic.max_attempts, self.topic.visibility_timeout_s),
            owner=lambda: f"owner-{next(self._owners)}", log=structlog.get_logger(), queue="inference",
            meter=self.meter,
        )  # fmt: skip

    async def live(self, seconds: float) -> None:
        """A process runs for this long and then drains."""
        stop = asyncio.Event()
        work = asyncio.ensure_future(self.consumer().run(stop))
        await self.clock.advance(seconds)
        stop.set()
        await self.clock.run(work)

    def push(self, event: Event = EVENT, id: str = "event-1") -> str:
        return self.queue.put(enveloped(event, id))

    def scored(self) -> list[str]:
        """Ids of what the scorer would get, each once: what its idempotency leaves of duplicates."""
        return sorted({Envelope.model_validate_json(body).id for body in self.queues["scorer"].bodies})

    def announced(self) -> list[str]:
        return sorted({envelope.id for envelope in self.bus.envelopes})

    async def status(self, id: str = "event-1") -> str | None:
        record = await self.table.get(f"event#inference#{id}", "claim")
        return None if record is None else str(record["status"])


class _Scripted(Worker):
    name = "inference"

    def __init__(self, world: World) -> None:
        super().__init__(memory_services(clock=world.clock, objects=world.objects, table=world.table))
        self._world = world

    async def handle(self, event: Event, context: Context) -> Emitted:
        self._world.handled.append((context.event_id, context.attempt))
        return await self._world.handler(event, context)

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        self._world.failures.append(error)
        return await self._world.failed(event, error, context)


def enveloped(event: Event, id: str, **changes: Any) -> str:
    envelope = Envelope.wrap(event, id=id, source="/groundtune/test", time=datetime(2026, 1, 1, tzinfo=UTC))
    return envelope.model_copy(update=changes).model_dump_json(exclude_none=True)
