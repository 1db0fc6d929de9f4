"""The whole life of one worker process: connect, warm up, consume until asked to stop, drain."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from shared.observe import logs
from shared.runtime.backoff import Backoff
from shared.runtime.connection import Connection, connect, connect_settling, gather_queues
from shared.runtime.consumer import HANDLERS_SHARE, Consumer
from shared.runtime.deadletter import DeadLetters
from shared.runtime.delivery import Desk, Limits
from shared.runtime.drain import draining_on_signals
from shared.runtime.heartbeat import HeartbeatThread
from shared.runtime.leases import Renewals
from shared.runtime.outbox import Outbox
from shared.runtime.pause import Pause
from shared.runtime.worker import Worker
from shared.settings import Settings
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.store.unrecorded import Unrecorded
from shared.topology import Queue, Topology


async def run_workers(
    classes: Sequence[type[Worker]], settings: Settings, topology: Topology, *, stop: asyncio.Event | None = None
) -> None:
    """Runs workers until SIGTERM or SIGINT, or until ``stop`` is set when one is given (then no signal is caught).

    Raises BadTopology or CloudError before anything is received when the process is not set up right.
    """
    for worker_cls in classes:
        topology.queue(worker_cls.name)
    worker_id = f"{socket.gethostname()}-{os.getpid()}"
    log = logs.configure(settings.log_level, "+".join(worker_cls.name for worker_cls in classes), worker_id)
    asked, now = stop or asyncio.Event(), asyncio.Event()
    async with connect(settings) as connection:
        with nullcontext() if stop is not None else draining_on_signals(asked, now):
            await serve(classes, connection, topology, asked, now, log)


async def serve(
    classes: Sequence[type[Worker]], connection: Connection, topology: Topology, stop: asyncio.Event,
    now: asyncio.Event | None, log: Any, *, store: IdempotencyStore | None = None,
) -> None:  # fmt: skip
    """Consumes the workers' queues over an open connection until ``stop`` is set and all is drained.

    Each queue has a poller and handlers of its own; a throttled service holds them all up. One that ends with an error
    ends the others, drained. ``store`` replaces the idempotency records in DynamoDB.
    """
    thread = HeartbeatThread(lambda: connect_settling(connection.settings))
    async with thread.running():
        factory = _Consumers(connection, topology, thread, Pause(connection.clock), store)
        workers = [worker_cls(connection.services) for worker_cls in classes]
        consumers = [await factory.make(worker, log.bind(worker=worker.name)) for worker in workers]
        for worker in workers:
            await worker.warm_up()
        log.info("worker.started")
        await _all(consumers, stop, now)


async def _all(consumers: Sequence[Consumer], stop: asyncio.Event, now: asyncio.Event | None) -> None:
    """Runs them; the first that ends lets the others drain."""
    running = [asyncio.create_task(consumer.run(stop, now)) for consumer in consumers]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        outcomes = await asyncio.gather(*running, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


@dataclass(frozen=True)
class _Consumers:
    """Makes the consumers of one process."""

    connection: Connection
    topology: Topology
    thread: HeartbeatThread
    pause: Pause
    store: IdempotencyStore | None

    async def make(self, worker: Worker, log: Any) -> Consumer:
        """The consumer of a worker's queue. Raises NotProvisioned naming a queue that is missing."""
        connection, topic = self.connection, self.topology.queue(worker.name)
        settings, clock = connection.settings, connection.clock
        names = {queue.worker: settings.queue(queue.worker) for queue in self.topology.queues}
        queues = await gather_queues(connection, names)
        graveyard = await connection.queue(settings.dead_letter_queue(worker.name))
        backoff = Backoff(random.random)
        desk = Desk(
            worker=worker, store=self._own_store(topic) or connection.idempotency,
            outbox=Outbox(worker.name, self.topology, queues, connection.bus, connection.objects, clock, backoff),
            dead_letters=DeadLetters(graveyard, settings.queue(worker.name), clock, backoff),
            pause=self.pause, clock=clock, backoff=backoff,
            limits=Limits(topic.max_attempts, topic.visibility_timeout_s), owner=lambda: uuid.uuid4().hex, log=log,
        )  # fmt: skip
        queue = queues[worker.name]
        beating = self.thread.beating(lambda there: self._renewals(there, queue.url, topic, desk.store))
        wait_s = long_poll_s(settings.wait_s, settings.grace_s, topic.visibility_timeout_s)
        return Consumer(desk, queue, topic, connection.objects, beating, grace_s=settings.grace_s, wait_s=wait_s)

    def _own_store(self, topic: Queue) -> IdempotencyStore | None:
        return Unrecorded(self.connection.clock.now) if topic.idempotent else self.store

    def _renewals(self, there: Any, url: str, topic: Queue, store: IdempotencyStore) -> Renewals:
        """With the clients of the heartbeat's thread; a store of the process's own memory serves both threads."""
        if store is self.connection.idempotency:
            store = IdempotencyStore(there.table, EventArchive(self.connection.objects), self.connection.clock.now)
        return Renewals(there.queue(url), store)


def long_poll_s(asked_s: int, grace_s: float, visibility_s: int) -> int:
    """Seconds of a long poll, 1 at least.

    It ends before the handlers' grace does, since it is never cancelled; and a third of the visibility timeout is left
    when it brings a message at its very end, since leases count from before the receive was sent.
    """
    return max(1, min(asked_s, int(grace_s * HANDLERS_SHARE), visibility_s * 2 // 3))
