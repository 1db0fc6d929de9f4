"""The consumers of one process, put together from its connection and the topology."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import Any

from shared.observe.health import Health
from shared.observe.metrics import Meter, Silent
from shared.observe.prometheus import Prometheus
from shared.runtime.backoff import Backoff
from shared.runtime.connection import Connection, Settling, gather_queues
from shared.runtime.consumer import HANDLERS_SHARE, Consumer
from shared.runtime.deadletter import DeadLetters
from shared.runtime.delivery import Desk, Limits
from shared.runtime.heartbeat import HeartbeatThread
from shared.runtime.leases import Renewals
from shared.runtime.outbox import Outbox
from shared.runtime.pause import Pause
from shared.runtime.sqs import SqsQueue
from shared.runtime.worker import Worker
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.store.unrecorded import Unrecorded
from shared.topology import Queue, Topology


@dataclass(frozen=True)
class Consumers:
    """Makes them. ``store`` replaces the idempotency records in DynamoDB."""

    connection: Connection
    topology: Topology
    thread: HeartbeatThread
    pause: Pause
    prometheus: Prometheus
    health: Health
    store: IdempotencyStore | None

    def meter(self, worker: str) -> Meter:
        """What the queue's measurements go to; nobody looks at them without an endpoint."""
        settings, topic = self.connection.settings, self.topology.queue(worker)
        if settings.metrics_port is None:
            return Silent()
        return self.prometheus.meter(settings.queue(worker), topic.consumes)

    async def make(self, worker: Worker, log: Any) -> Consumer:
        """The consumer of a worker's queue. Raises NotProvisioned naming a queue that is missing."""
        connection, topic = self.connection, self.topology.queue(worker.name)
        settings, clock = connection.settings, connection.clock
        names = {queue.worker: settings.queue(queue.worker) for queue in self.topology.queues}
        meter = self.meter(worker.name)
        queues = await gather_queues(connection, names, meter.billed)
        graveyard = await connection.queue(settings.dead_letter_queue(worker.name), meter.billed)
        queue, backoff = queues[worker.name], Backoff(random.random)
        desk = Desk(
            worker=worker, store=self._own_store(topic) or connection.idempotency,
            outbox=Outbox(worker.name, self.topology, queues, connection.bus, connection.objects, clock, backoff),
            dead_letters=DeadLetters(graveyard, settings.queue(worker.name), clock, backoff),
            pause=self.pause, clock=clock, backoff=backoff,
            limits=Limits(topic.max_attempts, topic.visibility_timeout_s), owner=lambda: uuid.uuid4().hex, log=log,
            queue=queue.name, meter=meter, health=self.health,
        )  # fmt: skip
        beating = self.thread.beating(lambda there: self._renewals(there, queue, desk))
        wait_s = long_poll_s(settings.wait_s, settings.grace_s, topic.visibility_timeout_s)
        return Consumer(desk, queue, topic, connection.objects, beating, grace_s=settings.grace_s, wait_s=wait_s)

    def _own_store(self, topic: Queue) -> IdempotencyStore | None:
        return Unrecorded(self.connection.clock.now) if topic.idempotent else self.store

    def _renewals(self, there: Settling, queue: SqsQueue, desk: Desk) -> Renewals:
        """With the clients of the heartbeat's thread; a store of the process's own memory serves both threads."""
        store = desk.store
        if store is self.connection.idempotency:
            store = IdempotencyStore(there.table, EventArchive(self.connection.objects), there.clock.now)
        return Renewals(SqsQueue(there.sqs, queue.url, queue.name, there.clock, desk.meter.billed), store)


def long_poll_s(asked_s: int, grace_s: float, visibility_s: int) -> int:
    """Seconds of a long poll, 1 at least.

    It ends before the handlers' grace does, since it is never cancelled; and a third of the visibility timeout is left
    when it brings a message at its very end, since leases count from before the receive was sent.
    """
    return max(1, min(asked_s, int(grace_s * HANDLERS_SHARE), visibility_s * 2 // 3))
