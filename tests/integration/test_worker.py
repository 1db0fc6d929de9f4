from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from schemas.event import Event
from schemas.events import DocumentRejected, DocumentSubmitted, PredictionsReady, RunScored
from shared.errors import NotProvisioned, Poison, Unreachable
from shared.runtime.connection import Connection, connect
from shared.runtime.process import run_workers
from shared.runtime.publish import publish
from shared.runtime.queue import Backlog
from shared.runtime.worker import Context, Emitted, Worker
from shared.settings import Settings
from shared.topology import Topology

pytestmark = pytest.mark.cloud

ROOT = Path(__file__).parents[2]


class Rejecting(Worker):
    """Reads each submitted object and rejects it; poison when it is called so."""

    name = "doc-ingest"

    async def handle(self, event: Event, context: Context) -> Emitted:
        assert isinstance(event, DocumentSubmitted)
        if "poison" in event.key:
            raise Poison("called poison")
        await self.services.artifacts.read_bytes(event.key)
        return [
            DocumentRejected(
                corpus=event.corpus, bucket=event.bucket, key=event.key, etag=event.etag or "", chunking="c",
                code="test", message="m",
            )
        ]  # fmt: skip


class Announcing(Worker):
    name = "scorer"

    async def handle(self, event: Event, context: Context) -> Emitted:
        return [RunScored(run="r", status="completed")]


async def collect(connection: Connection, queue_name: str, count: int) -> list[str]:
    """Bodies of ``count`` messages, deleted from the queue."""
    queue = await connection.queue(queue_name)
    bodies: list[str] = []
    while len(bodies) < count:
        messages = await queue.receive(10, 5, 30)
        bodies += [message.body for message in messages]
        if messages:
            await queue.delete([message.receipt for message in messages])
    return bodies


async def left(connection: Connection, queue_name: str) -> Backlog:
    return await (await connection.queue(queue_name)).backlog()


async def until_at_work(connection: Connection, queue_name: str, sent: int) -> None:
    """Returns when some messages are done with and others in hand."""
    # another process receives: there is no event of ours to wait for
    while (backlog := await left(connection, queue_name)).in_flight == 0 or backlog.in_flight + backlog.visible == sent:
        await asyncio.sleep(0.05)


async def test_documents_dropped_into_the_inbox_come_out_as_events(
    connection: Connection, settings: Settings, topology: Topology
) -> None:
    # no plus sign: MiniStack by itself does not encode keys in its notifications, as S3 does
    names = ["plain.md", "한글 이름.md", "a [1].md", "poison.md"]
    for name in names:
        await connection.objects.put(f"inbox/demo/{name}", b"text")
    stop = asyncio.Event()
    work = asyncio.create_task(run_workers([Rejecting], settings, topology, stop=stop))
    async with asyncio.timeout(60):
        bodies = await collect(connection, settings.queue("dataset-builder"), 3)
        (dead,) = await collect(connection, settings.dead_letter_queue("doc-ingest"), 1)
        stop.set()
        await work
    assert all(any(name in body for body in bodies) for name in names[:3])
    assert "poison.md" in dead
    assert await left(connection, settings.queue("doc-ingest")) == Backlog(0, 0, 0)


async def test_events_that_nobody_consumes_go_to_the_bus_and_to_who_has_a_rule(
    connection: Connection, settings: Settings, topology: Topology
) -> None:
    await connection.sqs.send.call("CreateQueue", {"QueueName": f"{settings.name}-listener"})
    arn = f"arn:aws:sqs:us-east-1:{connection.objects.bucket.split('-')[1]}:{settings.name}-listener"
    bus = connection.bus._client  # type: ignore[attr-defined]
    pattern = json.dumps({"source": ["groundtune"], "detail-type": [RunScored.type]})
    await bus.put_rule(Name=f"{settings.name}-rule", EventPattern=pattern)
    await bus.put_targets(Rule=f"{settings.name}-rule", Targets=[{"Id": "1", "Arn": arn}])
    await publish(connection, topology, [PredictionsReady(run="r", arm="a", shard=0)], source="test")
    stop = asyncio.Event()
    work = asyncio.create_task(run_workers([Announcing], settings, topology, stop=stop))
    async with asyncio.timeout(60):
        (body,) = await collect(connection, f"{settings.name}-listener", 1)
        stop.set()
        await work
    assert json.loads(body)["detail"]["data"]["status"] == "completed"


async def test_a_worker_process_drains_on_sigterm_and_exits_zero(
    connection: Connection, settings: Settings, topology: Topology
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SLOW_WORKER, settings.name, cwd=ROOT, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "AWS_ENDPOINT_URL": settings.endpoint or "", "GROUNDTUNE_WAIT_S": "1"},
    )  # fmt: skip
    try:
        shards = [PredictionsReady(run="r", arm="a", shard=n) for n in range(30)]
        await publish(connection, topology, shards, source="test")
        async with asyncio.timeout(60):
            await until_at_work(connection, settings.queue("scorer"), len(shards))
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            _, log = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, log.decode()
    backlog = await left(connection, settings.queue("scorer"))
    assert backlog.in_flight == 0 and 0 < backlog.visible < len(shards)


SLOW_WORKER = """
import asyncio, os, sys
from shared.runtime.process import run_workers
from shared.runtime.worker import Worker
from shared.settings import load
from shared.topology import load_topology

class Slow(Worker):
    name = "scorer"
    async def handle(self, event, context):
        await asyncio.sleep(0.5)
        return []

asyncio.run(run_workers([Slow], load({**os.environ, "GROUNDTUNE_NAME": sys.argv[1]}), load_topology(None)))
"""


async def test_a_worker_without_its_queue_exits_before_it_receives(settings: Settings, topology: Topology) -> None:
    with pytest.raises(NotProvisioned, match="groundtune provision"):
        await run_workers([Rejecting], settings, topology, stop=asyncio.Event())


async def test_a_worker_without_a_cloud_names_the_endpoint(monkeypatch: pytest.MonkeyPatch, topology: Topology) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9"):
        async with connect(Settings(endpoint="http://127.0.0.1:9")):
            pass
