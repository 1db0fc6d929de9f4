"""What runs inside of a process: consumers of the real runtime, put together as ``shared.runtime.assembly`` does."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from shared.runtime.assembly import long_poll_s
from shared.runtime.backoff import Backoff
from shared.runtime.consumer import Consumer
from shared.runtime.deadletter import DeadLetters
from shared.runtime.delivery import Desk, Limits
from shared.runtime.heartbeat import in_this_loop
from shared.runtime.leases import Renewals
from shared.runtime.outbox import Outbox
from shared.runtime.pause import Pause
from shared.runtime.queue import MAX_WAIT_S
from shared.runtime.worker import Worker
from shared.services import Services
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.testing.services import memory_services
from shared.testing.simulation.gauge import Gauge
from shared.testing.simulation.log import Log
from shared.testing.simulation.process import Process
from shared.testing.simulation.store import CountedStore, OwnedStore
from shared.testing.simulation.toy import WORKERS
from shared.testing.simulation.wire import Wire
from shared.testing.simulation.wired import WiredBus, WiredTable
from shared.topology import Queue

if TYPE_CHECKING:
    from shared.testing.simulation.world import Wired, World

GRACE_S = 25.0
BACKOFF_CAP_S = 20.0
"""Lower than in production, so that a schedule does not spend its time waiting."""


class Staff:
    """Makes the consumers of one world's processes."""

    def __init__(self, world: World, wired: Wired) -> None:
        self._world = world
        self._wired = wired
        self._numbers = count(1)

    def consumers(self, process: Process) -> list[Consumer]:
        """One for each worker of the process; they share its wire and its pause."""
        wire, pause = Wire(process, self._world.hazards, self._world.witness), Pause(process.clock)
        return [self._consumer(worker, process, wire, pause) for worker in process.workers]

    def _consumer(self, worker: str, process: Process, wire: Wire, pause: Pause) -> Consumer:
        world, clock, topic = self._world, process.clock, self._world.topology.queue(worker)
        table = WiredTable(world.table, wire)
        services = memory_services(clock=clock, objects=world.objects, table=table)
        store, backoff = self._store(topic, process, table), Backoff(world.random.random, cap_s=BACKOFF_CAP_S)
        queues = {name: self._wired(queue, wire) for name, queue in world.queues.items()}
        desk = Desk(
            worker=self._worker(worker, services, process), store=store, pause=pause, clock=clock, backoff=backoff,
            outbox=Outbox(
                worker, world.topology, queues, WiredBus(world.bus, wire), world.objects, clock, backoff
            ),
            dead_letters=DeadLetters(self._wired(world.dead[worker], wire), worker, clock, backoff),
            limits=Limits(topic.max_attempts, topic.visibility_timeout_s), owner=lambda: self._owner(process),
            log=Log(world.witness.trace, process.name), meter=Gauge(world.ledger.saw, topic.concurrency_min),
        )  # fmt: skip
        renewing = self._wired(world.queues[worker], wire)
        renewing.renews = True
        wait_s = long_poll_s(MAX_WAIT_S, GRACE_S, topic.visibility_timeout_s)
        return Consumer(
            desk, queues[worker], topic, world.objects, in_this_loop(Renewals(renewing, store)), grace_s=GRACE_S,
            wait_s=wait_s,
        )  # fmt: skip

    def _worker(self, worker: str, services: Services, process: Process) -> Worker:
        world = self._world
        return WORKERS[worker](services, world.scene, process, world.ledger, world.random)

    def _store(self, topic: Queue, process: Process, table: WiredTable) -> IdempotencyStore:
        world, now = self._world, process.clock.now
        if topic.idempotent:
            return CountedStore(now, world.ledger)
        return OwnedStore(table, EventArchive(world.objects), now, world.table, world.ledger)

    def _owner(self, process: Process) -> str:
        """Asked for at the beginning of each delivery."""
        self._world.ledger.begins(process)
        return f"{process.name}/{next(self._numbers)}"
