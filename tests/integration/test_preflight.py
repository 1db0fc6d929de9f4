"""A worker whose queues are there, and whose table or bucket is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from schemas.event import Event
from shared.errors import NotProvisioned
from shared.runtime.connection import Connection
from shared.runtime.preflight import preflight
from shared.runtime.process import run_workers
from shared.runtime.worker import Context, Emitted, Worker
from shared.settings import Settings
from shared.topology import Topology

pytestmark = pytest.mark.cloud


class Idle(Worker):
    name = "scorer"

    async def handle(self, event: Event, context: Context) -> Emitted:
        return []

    async def warm_up(self) -> None:
        raise AssertionError("it is past all checks")


async def test_what_is_provisioned_passes(connection: Connection) -> None:
    await preflight(connection)


async def test_without_its_table_a_worker_ends_before_it_warms_up(
    connection: Connection, settings: Settings, topology: Topology
) -> None:
    await connection.table._client.call("DeleteTable", {"TableName": settings.table})
    with pytest.raises(NotProvisioned, match=f"region us-east-1.*table {settings.table} does not exist.*provision"):
        await run_workers([Idle], settings, topology, stop=asyncio.Event())


async def test_without_its_bucket_a_worker_ends_before_it_warms_up(
    connection: Connection, settings: Settings, topology: Topology
) -> None:
    bucket = connection.objects.bucket
    await connection.objects._client.delete_bucket(Bucket=bucket)
    with pytest.raises(NotProvisioned, match=f"region us-east-1.*bucket {bucket} does not exist.*provision"):
        await run_workers([Idle], settings, topology, stop=asyncio.Event())


async def test_a_worker_warms_up_at_its_start_unless_it_shall_not(
    connection: Connection, settings: Settings, topology: Topology
) -> None:
    stopped = asyncio.Event()
    stopped.set()
    with pytest.raises(AssertionError, match="past all checks"):
        await run_workers([Idle], settings, topology, stop=stopped)
    await run_workers([Idle], replace(settings, warm_up=False), topology, stop=stopped)
