"""The world of one schedule: queues, table and bus that stay, processes of the real runtime that come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from random import Random

from schemas.artifacts import GroundTruth
from schemas.envelope import Envelope
from schemas.event import Event, event_id
from schemas.events import DatasetReady, ModelReady
from schemas.state import ArmRecord, RunRecord
from shared.runs import scores_group
from shared.runtime.consumer import consume_together
from shared.runtime.waiting import first_of
from shared.store import keys
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.testing.bus import FakeBus
from shared.testing.objects import MemoryObjectStore
from shared.testing.queue import FakeQueue
from shared.testing.services import memory_services
from shared.testing.simulation import hazards, pipeline, scene
from shared.testing.simulation.ledger import Ledger, WatchedTable
from shared.testing.simulation.log import Trace
from shared.testing.simulation.loop import JumpLoop
from shared.testing.simulation.process import Process
from shared.testing.simulation.staff import Staff
from shared.testing.simulation.time import WorldClock
from shared.testing.simulation.wire import Wire
from shared.testing.simulation.wired import WiredQueue
from shared.testing.simulation.witness import Witness

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
GARBAGE = "{this is no JSON"

Wired = Callable[[FakeQueue, Wire], WiredQueue]


class World:
    """Everything of one schedule. ``wired`` makes a process's view of a queue; tests give a broken one."""

    def __init__(self, seed: int, trace: Trace, wired: Wired = WiredQueue) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, JumpLoop)
        self.clock = WorldClock(loop)
        self.random = Random(seed)
        visibility_s = self.random.choice([8, 16])
        self.rates = hazards.drawn(self.random, visibility_s)
        slow = self.rates.sound and not self.rates.gentle
        self.scene = scene.drawn(self.random, visibility_s, slow=slow)
        self.hazards = hazards.Hazards(self.random, self.rates, visibility_s)
        self.topology = pipeline.topology(self.random, self.scene)
        self.crews = pipeline.crews(self.random)
        self.opened = dict.fromkeys(self.scene.arms, 0)
        """The revision in which the shards of an arm were last asked for."""
        self.taken_back: set[Event] = set()
        """What had died and was made part of a new revision."""
        overlap_s = visibility_s + 5 * self.rates.latency_s
        repeatable = frozenset(queue.worker for queue in self.topology.queues if queue.idempotent)
        self.ledger = Ledger(self.clock, overlap_s, repeatable)
        self.witness = Witness(self.clock, self.rates, self.ledger, trace)
        self.table, self.objects, self.bus = WatchedTable(self.ledger), MemoryObjectStore(), FakeBus()
        self.services = memory_services(clock=self.clock, objects=self.objects, table=self.table)
        self.store = IdempotencyStore(self.table, EventArchive(self.objects), self.clock.now)
        """Table and services as a person's tool reaches them: undisturbed."""
        self.dead = {queue.worker: FakeQueue(f"{queue.worker}-dead", self.clock) for queue in self.topology.queues}
        self.queues = self._queues()
        self.processes = self.witness.processes
        self._works: dict[Process, asyncio.Task[None]] = {}
        self._staff = Staff(self, wired)
        self.closed = False
        """Nothing is started any more."""
        self._numbers = count(1)
        self._drew()

    def _queues(self) -> dict[str, FakeQueue]:
        quota = self.random.choice([3, 8]) if self.random.random() < 1 / 8 else None
        return {
            queue.worker: FakeQueue(
                queue.worker, self.clock, max_receive_count=queue.max_receive_count,
                dead_letters=self.dead[queue.worker], max_in_flight=quota,
            )
            for queue in self.topology.queues
        }  # fmt: skip

    # the work

    async def submit(self) -> None:
        """A run with all its arms, and a message that nobody can read."""
        arms, now = list(self.scene.arms), self.clock.now()
        record = RunRecord(
            run=scene.RUN, name="toy", corpus="toy", status="running", created=now, updated=now, arms=arms,
            shards=self.scene.shards,
        )  # fmt: skip
        await self.services.runs.create(record)
        nothing_asked: list[GroundTruth] = []
        await self.services.artifacts.write_lines(keys.run(scene.RUN, "evaluation.jsonl"), nothing_asked)
        await self.services.fanin.expect(scores_group(scene.RUN), len(arms) * self.scene.shards)
        for arm in self.scene.arms.values():
            await self.services.runs.put_arm(ArmRecord(run=scene.RUN, arm=arm.name, name=arm.name))
            if arm.trained:
                self.queues["inference"].put(enveloped(ModelReady(run=scene.RUN, arm=arm.name, model=arm.model)))
            else:
                self.queues["launcher"].put(enveloped(DatasetReady(run=scene.RUN, arm=arm.name)))
        self.queues["inference"].put(GARBAGE)

    async def record(self) -> RunRecord:
        """How far the run is."""
        record = await self.services.runs.get(scene.RUN)
        assert record is not None
        return record

    async def attempts(self, worker: str, event_id: str) -> int:
        """How often an event was started."""
        record = await self.table.get(f"event#{worker}#{event_id}", "claim")
        return 0 if record is None else int(record["attempts"])

    def _drew(self) -> None:
        """Counts what kind of schedule this is."""
        queues, seen = self.topology.queues, self.ledger.seen
        seen["schedule.gentle"] += self.rates.gentle
        seen["schedule.slow"] += self.rates.sound and not self.rates.gentle
        seen["schedule.dozens_of_shards"] += self.scene.large
        seen["schedule.workers_without_records"] += any(queue.idempotent for queue in queues)
        seen["schedule.tuned_concurrency"] += any(queue.concurrency_min < queue.concurrency_max for queue in queues)
        seen["schedule.consumers_in_one_process"] += any(len(crew) > 1 for crew in self.crews)

    # the processes

    def start(self, crew: tuple[str, ...]) -> Process:
        """A new process of some workers."""
        process = Process(f"{'+'.join(crew)}-{next(self._numbers)}", crew, self.clock)
        consumers = self._staff.consumers(process)
        self.processes.append(process)
        self._works[process] = asyncio.create_task(consume_together(consumers, process.stop, process.now))
        self.witness.trace("process.started", process=process.name)
        return process

    def serving(self, crew: tuple[str, ...]) -> list[Process]:
        """Processes that were neither killed nor told to stop, nor died."""
        return [process for process in self.processes if process.workers == crew and self.alive(process)]

    def alive(self, process: Process) -> bool:
        return process.serves and not self._works[process].done()

    async def drain(self, process: Process) -> bool:
        """Tells a process to stop and waits for its end; False when it was killed on its way."""
        self.witness.trace("process.draining", process=process.name)
        process.stop.set()
        work = self._works[process]
        await first_of(asyncio.wait([work]), process.died.wait())
        return work.done()

    def crashed(self) -> list[str]:
        """What ended processes that nobody had asked to end."""
        ended = [(process, work) for process, work in self._works.items() if work.done() and not work.cancelled()]
        return [f"{process.name}: {work.exception()!r}" for process, work in ended if work.exception() is not None]

    def end(self) -> None:
        self.ledger.seen["queue.over_limit"] += sum(queue.calls["OverLimit"] for queue in self.queues.values())
        for process in self.processes:
            process.end()


def enveloped(event: Event) -> str:
    """The message of an event that comes from outside."""
    id, source = event_id(event, cause="outside", ordinal=0), "/groundtune/outside"
    return Envelope.wrap(event, id=id, source=source, time=BEGINNING).model_dump_json(exclude_none=True)
