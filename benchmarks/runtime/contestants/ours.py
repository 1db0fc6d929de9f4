"""Our runtime through its outer contract. ``BENCH_STORE``: dynamodb, memory or none; ``BENCH_VISIBILITY``: seconds of
the visibility timeout; ``BENCH_CONCURRENCY``."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime

from work import CONCURRENCY, FORWARDS, SLEEP_S, SLEEPS, payload

from benchmarks.runtime.server import PLACEHOLDER
from schemas.envelope import Envelope
from schemas.event import Event
from schemas.events import DocumentRejected, DocumentSubmitted
from shared import settings
from shared.observe import logs
from shared.provision.apply import provision
from shared.runtime.connection import Connection, connect
from shared.runtime.drain import draining_on_signals
from shared.runtime.message import Outgoing
from shared.runtime.process import serve
from shared.runtime.worker import Context, Emitted, Worker
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.testing.objects import MemoryObjectStore
from shared.testing.table import MemoryTable
from shared.topology import Topology, load_topology

STORE = os.environ["BENCH_STORE"]
VISIBILITY_S = int(os.environ.get("BENCH_VISIBILITY", "30"))
LONG = 0.7
"""Of the visibility timeout: what a handler takes whose message is renewed once."""


class Bench(Worker):
    """Does what the event's ``corpus`` says: nothing, sleep, emit one event, or the last two."""

    name = "doc-ingest"

    async def handle(self, event: Event, context: Context) -> Emitted:
        assert isinstance(event, DocumentSubmitted)
        if event.corpus in SLEEPS:
            await asyncio.sleep(SLEEP_S)
        if event.corpus == "long":
            await asyncio.sleep(LONG * VISIBILITY_S)
        if event.corpus in (*FORWARDS, "long"):
            return [
                DocumentRejected(
                    corpus="c", bucket="b", key=event.key, etag=context.event_id, chunking="c", code="c", message="m"
                )
            ]
        return []


def topology() -> Topology:
    loaded = load_topology(None)
    concurrency = int(os.environ.get("BENCH_CONCURRENCY", CONCURRENCY))
    changes = {"concurrency": concurrency, "idempotent": STORE == "none", "visibility_timeout_s": VISIBILITY_S}
    queues = [q.model_copy(update=changes) if q.worker == Bench.name else q for q in loaded.queues]
    return loaded.model_copy(update={"queues": tuple(queues)})


def store(connection: Connection) -> IdempotencyStore | None:
    """Idempotency records in memory where that is what is measured."""
    if STORE != "memory":
        return None
    return IdempotencyStore(MemoryTable(), EventArchive(MemoryObjectStore()), connection.clock.now)


async def run() -> None:
    found = settings.load(os.environ)
    log = logs.configure(found.log_level, Bench.name, "bench")
    stop, now = asyncio.Event(), asyncio.Event()
    async with connect(found) as connection:
        with draining_on_signals(stop, now):
            await serve([Bench], connection, topology(), stop, now, log, store=store(connection))


async def send(kinds: list[str]) -> None:
    found = settings.load(os.environ)
    await provision(found, load_topology(None))
    async with connect(found) as connection:
        queue = await connection.queue(found.queue(Bench.name))
        for kind in kinds:
            event = DocumentSubmitted(corpus=kind, bucket="b", key=payload("x"))
            envelope = Envelope.wrap(event, id=PLACEHOLDER, source="/groundtune/bench", time=datetime.now(UTC))
            await queue.send([Outgoing(envelope.model_dump_json(exclude_none=True))])


if __name__ == "__main__":
    asyncio.run(send(sys.argv[2:]) if sys.argv[1] == "send" else run())
