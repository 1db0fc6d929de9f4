"""The world of one schedule: queues, table and bus that stay, processes of the real runtime that come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from random import Random

from schemas.envelope import Envelope
from schemas.event import Event, event_id
from schemas.events import DatasetReady
from shared.runtime.backoff import Backoff
from shared.runtime.consumer import Consumer
from shared.runtime.deadletter import DeadLetters
from shared.runtime.delivery import Desk, Limits
from shared.runtime.heartbeat import in_this_loop
from shared.runtime.leases import Renewals
from shared.runtime.outbox import Outbox
from shared.runtime.pause import Pause
from shared.runtime.queue import QueueClient
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.testing.bus import FakeBus
from shared.testing.objects import MemoryObjectStore
from shared.testing.queue import FakeQueue
from shared.testing.services import memory_services
from shared.testing.simulation import hazards, scene, toy
from shared.testing.simulation.ledger import Ledger, WatchedTable
from shared.testing.simulation.log import Log, Trace
from shared.testing.simulation.process import Process
from shared.testing.simulation.store import OwnedStore
from shared.testing.simulation.time import START, WorldClock
from shared.testing.simulation.wire import Wire, WiredQueue, WiredTable

GRACE_S = 25.0
WAIT_S = 20
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
GARBAGE = "{this is no JSON"


class World:
    """Everything of one schedule. ``wired`` makes a process's view of a queue; tests give a broken one."""

    def __init__(self, seed: int, trace: Trace, wired: Callable[[FakeQueue, Wire], QueueClient] = WiredQueue) -> None:
        self.random = Random(seed)
        self.rates = hazards.drawn(self.random)
        self.hazards = hazards.Hazards(self.random, self.rates)
        self.scene = scene.drawn(self.random, gentle=self.rates.gentle)
        self.clock = WorldClock()
        self._trace = trace
        self.topology = toy.topology(self.scene.visibility_s, concurrency=self.random.choice([1, 2, 4, 12]))
        self.ledger = Ledger(self.clock, overlap_s=self.scene.visibility_s + 5 * self.rates.latency_s)
        self.table = WatchedTable(self.ledger)
        self.objects, self.bus = MemoryObjectStore(), FakeBus()
        self.dead = {queue.worker: FakeQueue(f"{queue.worker}-dead", self.clock) for queue in self.topology.queues}
        self.queues = {
            queue.worker: FakeQueue(
                queue.worker,
                self.clock,
                max_receive_count=queue.max_receive_count,
                dead_letters=self.dead[queue.worker],
            )
            for queue in self.topology.queues
        }
        self.processes: list[Process] = []
        self._works: dict[Process, asyncio.Task[None]] = {}
        self._wired = wired
        self._numbers = count(1)

    # the work

    def submit(self) -> None:
        """All arms, and a message that nobody can read."""
        for arm in self.scene.arms.values():
            event = DatasetReady(run=scene.RUN, arm=arm.name)
            self.queues["launcher"].put(enveloped(event))
        self.queues["inference"].put(GARBAGE)

    @property
    def idle(self) -> bool:
        """Whether no queue holds a message."""
        return not any(queue.entries for queue in self.queues.values())

    def trace(self, action: str, **values: object) -> None:
        """Tells what happens, with the seconds since the beginning."""
        self._trace(action, at=round(self.clock.now() - START, 3), **values)

    # the processes

    def start(self, worker: str) -> Process:
        """A new process of a worker."""
        process = Process(f"{worker}-{next(self._numbers)}", worker, self.clock)
        consumer = self._consumer(process)
        self.processes.append(process)
        self._works[process] = asyncio.create_task(consumer.run(process.stop, process.now))
        self.trace("process.started", process=process.name)
        return process

    def serving(self, worker: str) -> list[Process]:
        """Processes that were neither killed nor told to stop, nor died."""
        return [process for process in self.processes if process.worker == worker and self.alive(process)]

    def alive(self, process: Process) -> bool:
        return not (process.killed or process.stop.is_set() or self._works[process].done())

    async def drain(self, process: Process) -> bool:
        """Tells a process to stop and waits for its end; False when it was killed on its way."""
        self.trace("process.draining", process=process.name)
        process.stop.set()
        work = self._works[process]
        while not work.done() and not process.killed:
            await asyncio.wait([work], timeout=1)
        return work.done()

    def crashed(self) -> list[str]:
        """What ended consumers that nobody had asked to end."""
        ended = [(process, work) for process, work in self._works.items() if work.done() and not work.cancelled()]
        return [f"{process.name}: {work.exception()!r}" for process, work in ended if work.exception() is not None]

    def end(self) -> None:
        for process in self.processes:
            process.end()

    # inside of a process

    def _consumer(self, process: Process) -> Consumer:
        topic, clock = self.topology.queue(process.worker), process.clock
        wire = Wire(process, self.hazards, self.trace)
        table = WiredTable(self.table, wire)
        queues = {name: self._wired(queue, wire) for name, queue in self.queues.items()}
        dead = self._wired(self.dead[process.worker], wire)
        backoff = Backoff(self.random.random)
        services = memory_services(clock=clock, objects=self.objects, table=table)
        store = OwnedStore(table, EventArchive(self.objects), clock.now, self.table, self.ledger)
        desk = Desk(
            worker=toy.WORKERS[process.worker](services, self.scene, process, self.ledger, self.random), store=store,
            outbox=Outbox(process.worker, self.topology, queues, self.bus, self.objects, clock, backoff),
            dead_letters=DeadLetters(dead, process.worker, clock, backoff), pause=Pause(clock), clock=clock,
            backoff=backoff, limits=Limits(topic.max_attempts, topic.visibility_timeout_s),
            owner=lambda: f"{process.name}/{next(self._numbers)}", log=Log(self.trace, process.name),
        )  # fmt: skip
        queue = queues[process.worker]
        beating = in_this_loop(Renewals(queue, store))
        return Consumer(desk, queue, topic, self.objects, beating, grace_s=GRACE_S, wait_s=WAIT_S)

    def store(self) -> IdempotencyStore:
        """The store as a person's tool reaches it, undisturbed."""
        return IdempotencyStore(self.table, EventArchive(self.objects), self.clock.now)


def enveloped(event: Event) -> str:
    """The message of an event that comes from outside."""
    id, source = event_id(event, cause="outside", ordinal=0), "/groundtune/outside"
    return Envelope.wrap(event, id=id, source=source, time=BEGINNING).model_dump_json(exclude_none=True)
