from __future__ import annotations

import asyncio

import pytest

from shared.errors import NotProvisioned
from shared.runtime.connection import Connection, connect
from shared.settings import Settings
from shared.store.dynamodb import DynamoTable
from shared.store.fanin import FanIn
from shared.store.idempotency import Claimed
from tests.contracts import claims, objects, tables

pytestmark = pytest.mark.cloud


async def test_the_table_on_dynamodb(connection: Connection) -> None:
    for case in tables.CASES:
        await case(connection.table)


async def test_claims_on_dynamodb(connection: Connection) -> None:
    for case in claims.CASES:
        await case(connection.table)


async def test_the_object_store_on_s3(connection: Connection) -> None:
    for case in objects.CASES:
        await case(connection.objects)


async def test_of_many_who_claim_an_event_one_gets_it(connection: Connection) -> None:
    claims = (connection.idempotency.claim("e", "scorer", "p", f"owner-{n}", 30) for n in range(12))
    outcomes = await asyncio.gather(*claims)
    assert sum(isinstance(outcome, Claimed) for outcome in outcomes) == 1


async def test_fan_in_counts_concurrent_items_once_and_somebody_finds_it_complete(connection: Connection) -> None:
    fanin = FanIn(connection.table)
    await fanin.expect("g", 10)
    found = await asyncio.gather(*(fanin.record("g", f"item-{n % 10}") for n in range(20)))
    assert any(progress.complete for progress in found)
    assert (await fanin.progress("g")).done == 10


async def test_a_missing_table_is_named(connection: Connection) -> None:
    table = DynamoTable(connection.table._client, "no-such-table")
    with pytest.raises(NotProvisioned, match="no-such-table"):
        await table.get("p", "s")


async def test_a_missing_queue_is_named_with_the_remedy(settings: Settings) -> None:
    async with connect(settings) as connected:
        with pytest.raises(NotProvisioned, match=rf"{settings.name}-scorer.*groundtune provision"):
            await connected.queue(settings.queue("scorer"))
