"""The whole life of one worker process: connect, warm up, consume until asked to stop, drain."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from shared.observe import logs
from shared.observe.endpoint import serving
from shared.observe.exporting import configure_tracing
from shared.observe.health import Health
from shared.observe.prometheus import Prometheus
from shared.runtime.assembly import Consumers
from shared.runtime.connection import Connection, connect, connect_settling
from shared.runtime.consumer import consume_together
from shared.runtime.drain import draining_on_signals
from shared.runtime.heartbeat import HeartbeatThread
from shared.runtime.offload import close_executors
from shared.runtime.pause import Pause
from shared.runtime.preflight import preflight
from shared.runtime.probing import probing
from shared.runtime.queue import MAX_WAIT_S
from shared.runtime.worker import Worker
from shared.settings import Settings
from shared.store.idempotency import IdempotencyStore
from shared.topology import Topology

POLL_LIMIT_S = MAX_WAIT_S + 30.0
"""A receive that takes longer than its long poll and twice what its client adds to it as read timeout has stalled."""
BEAT_LIMIT_S = 60.0
"""The lease thread may be silent as long as its slowest calls take to fail."""


async def run_workers(
    classes: Sequence[type[Worker]], settings: Settings, topology: Topology, *, stop: asyncio.Event | None = None
) -> None:
    """Runs workers until SIGTERM or SIGINT, or until ``stop`` is set when one is given (then no signal is caught).

    Raises BadTopology or CloudError before anything is received when the process is not set up right.
    """
    for worker_cls in classes:
        topology.queue(worker_cls.name)
    name = "+".join(worker_cls.name for worker_cls in classes)
    log = logs.configure(settings.log_level, name, f"{socket.gethostname()}-{os.getpid()}")
    flush_traces = configure_tracing(f"{settings.name}-{name}", os.environ)
    asked, now = stop or asyncio.Event(), asyncio.Event()
    try:
        async with connect(settings) as connection:
            with nullcontext() if stop is not None else draining_on_signals(asked, now):
                await serve(classes, connection, topology, asked, now, log)
    finally:
        await asyncio.to_thread(flush_traces)
        close_executors()


async def serve(
    classes: Sequence[type[Worker]], connection: Connection, topology: Topology, stop: asyncio.Event,
    now: asyncio.Event | None, log: Any, *, store: IdempotencyStore | None = None,
) -> None:  # fmt: skip
    """Consumes the workers' queues over an open connection until ``stop`` is set and all is drained.

    Each queue has a poller and handlers of its own; a throttled service holds them all up. One that ends with an error
    ends the others, drained. ``store`` replaces the idempotency records in DynamoDB.
    """
    settings, prometheus = connection.settings, Prometheus()
    health = Health(poll_limit_s=POLL_LIMIT_S, beat_limit_s=BEAT_LIMIT_S)
    thread = HeartbeatThread(lambda: connect_settling(settings))
    async with thread.running():
        factory = Consumers(connection, topology, thread, Pause(connection.clock), prometheus, health, store)
        workers = [worker_cls(connection.services) for worker_cls in classes]
        consumers = [await factory.make(worker, log.bind(worker=worker.name)) for worker in workers]
        await preflight(connection)
        meters = {worker.name: factory.meter(worker.name) for worker in workers}
        with serving(settings, prometheus.registry, health, log), probing(meters, log):
            for worker in workers if settings.warm_up else ():
                await worker.warm_up()
            health.ready()
            log.info("worker.started")
            await consume_together(consumers, stop, now)
