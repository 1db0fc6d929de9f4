"""A cloud for one test: moto's server in a thread, everything provisioned, workers run through the real runtime.

moto's in-process mocks patch botocore and do not reach aiobotocore, hence the server.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest

from schemas.event import Event
from shared.bedrock.ports import Bedrock
from shared.observe import logs
from shared.provision.apply import provision
from shared.runtime.connection import connect
from shared.runtime.process import serve
from shared.runtime.publish import publish
from shared.runtime.sqs import SqsQueue
from shared.runtime.worker import Delayed, Worker
from shared.settings import Settings
from shared.store.attributes import decoded_item
from shared.store.stored_events import EventArchive
from shared.testing.bedrock import FakeBedrock
from shared.topology import Topology, load_topology

IDLE_CHECK_S = 0.1


class TestCloud:
    """``settings`` are those of every worker here; ``bedrock`` is what workers get as Bedrock."""

    __test__ = False

    def __init__(self, settings: Settings, topology: Topology, bedrock: Bedrock) -> None:
        self.settings = settings
        self.topology = topology
        self.bedrock = bedrock

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud."""
        session: Any = boto3.Session()
        return session.client(service, endpoint_url=self.settings.endpoint, region_name=self.settings.region)

    async def push(self, event: Event | Delayed) -> str:
        """Puts an event into the queue of the worker that consumes it; returns its id."""
        async with connect(self.settings, bedrock=self.bedrock) as connection:
            (event_id,) = await publish(connection, self.topology, [event], source="test")
        return event_id

    async def run_one(self, worker_cls: type[Worker], *, timeout_s: float = 60) -> None:
        """Lets a worker handle what waits in its queue, until nothing is waiting or in flight there.

        Raises TimeoutError when that takes longer than ``timeout_s``.
        """
        log = logs.configure("error", worker_cls.name, "test")
        stop = asyncio.Event()
        async with connect(self.settings, bedrock=self.bedrock) as connection, asyncio.timeout(timeout_s):
            queue = await connection.queue(self.settings.queue(worker_cls.name))
            work = asyncio.create_task(serve([worker_cls], connection, self.topology, stop, None, log))
            try:
                # the queue is a server's: there is no event of ours to wait for
                while not work.done() and not await _idle(queue):  # noqa: ASYNC110
                    await asyncio.sleep(IDLE_CHECK_S)
            finally:
                stop.set()
                await work

    async def emitted(self) -> list[Event]:
        """Every event that the workers' finished events emitted, in the order in which those finished."""
        async with connect(self.settings, bedrock=self.bedrock) as connection:
            archive = EventArchive(connection.objects)
            records = [record for record in await asyncio.to_thread(self._records) if "finished_at" in record]
            records.sort(key=lambda record: record["finished_at"])
            stored = [event for record in records for event in await archive.load(record)]
        return [event.envelope.event() for event in stored]

    async def dead_letters(self, worker: str) -> list[dict[str, Any]]:
        """Messages in a worker's dead-letter queue as SQS gives them; they stay there, invisible for a while."""
        return await asyncio.to_thread(self._dead_letters, worker)

    def _dead_letters(self, worker: str) -> list[dict[str, Any]]:
        sqs = self.client("sqs")
        url = sqs.get_queue_url(QueueName=self.settings.dead_letter_queue(worker))["QueueUrl"]
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        return list(answer.get("Messages", []))

    def _records(self) -> list[dict[str, Any]]:
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=self.settings.table)
        items = [decoded_item(item) for page in pages for item in page["Items"]]
        return [item for item in items if item["pk"].startswith("event#")]


async def _idle(queue: SqsQueue) -> bool:
    backlog = await queue.backlog()
    return backlog.visible == backlog.in_flight == 0


@contextmanager
def moto_cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestCloud]:
    """Starts the server, provisions, and stops it. Credentials are set in the environment for as long."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        settings = replace(Settings(), endpoint=f"http://{host}:{port}", wait_s=1)
        _empty(settings)
        topology = load_topology(None)
        # in a thread of its own, as a loop may be running in this one
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, provision(settings, topology)).result()
        yield TestCloud(settings, topology, FakeBedrock())
    finally:
        server.stop()


def _empty(settings: Settings) -> None:
    """moto keeps its state in module globals: what another test left is still there."""
    from urllib.request import Request, urlopen

    with urlopen(Request(f"{settings.endpoint}/moto-api/reset", method="POST"), timeout=10):  # noqa: S310
        pass
