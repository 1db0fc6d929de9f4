"""The whole life of one worker process: connect, warm up, consume until asked to stop, drain."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import uuid
from contextlib import nullcontext
from typing import Any

from shared.observe import logs
from shared.runtime.backoff import Backoff
from shared.runtime.connection import Connection, connect, gather_queues
from shared.runtime.consumer import Consumer
from shared.runtime.deadletter import DeadLetters
from shared.runtime.delivery import Desk, Limits
from shared.runtime.drain import draining_on_signals
from shared.runtime.outbox import Outbox
from shared.runtime.pause import Pause
from shared.runtime.worker import Worker
from shared.settings import Settings
from shared.store.unrecorded import Unrecorded
from shared.topology import Topology

SPARE_S = 2
"""Of the grace, kept for what follows the last long poll."""


async def run_worker(
    worker_cls: type[Worker], settings: Settings, topology: Topology, *, stop: asyncio.Event | None = None
) -> None:
    """Runs one worker until SIGTERM or SIGINT, or until ``stop`` is set when one is given (then no signal is caught).

    Raises BadTopology or CloudError before anything is received when the process is not set up right.
    """
    topology.queue(worker_cls.name)
    worker_id = f"{socket.gethostname()}-{os.getpid()}"
    log = logs.configure(settings.log_level, worker_cls.name, worker_id)
    asked, now = stop or asyncio.Event(), asyncio.Event()
    async with connect(settings) as connection:
        with nullcontext() if stop is not None else draining_on_signals(asked, now):
            await serve(worker_cls, connection, topology, asked, now, log)


async def serve(
    worker_cls: type[Worker], connection: Connection, topology: Topology, stop: asyncio.Event,
    now: asyncio.Event | None, log: Any,
) -> None:  # fmt: skip
    """Consumes the worker's queue over an open connection until ``stop`` is set and all is drained."""
    worker = worker_cls(connection.services)
    consumer = await make_consumer(worker, connection, topology, log)
    await worker.warm_up()
    log.info("worker.started")
    await consumer.run(stop, now)


async def make_consumer(worker: Worker, connection: Connection, topology: Topology, log: Any) -> Consumer:
    """The consumer of a worker's queue. Raises NotProvisioned naming a queue that is missing."""
    settings, clock = connection.settings, connection.clock
    topic = topology.queue(worker.name)
    names = {queue.worker: settings.queue(queue.worker) for queue in topology.queues}
    queues = await gather_queues(connection, names)
    graveyard = await connection.queue(settings.dead_letter_queue(worker.name))
    backoff = Backoff(random.random)
    desk = Desk(
        worker=worker, store=Unrecorded(clock.now) if topic.idempotent else connection.idempotency,
        outbox=Outbox(worker.name, topology, queues, connection.bus, connection.objects, clock, backoff),
        dead_letters=DeadLetters(graveyard, settings.queue(worker.name), clock, backoff),
        pause=Pause(clock), clock=clock, backoff=backoff,
        limits=Limits(topic.max_attempts, topic.visibility_timeout_s), owner=lambda: uuid.uuid4().hex, log=log,
    )  # fmt: skip
    wait_s = max(1, min(settings.wait_s, int(settings.grace_s) - SPARE_S))
    return Consumer(desk, queues[worker.name], topic, connection.objects, grace_s=settings.grace_s, wait_s=wait_s)
