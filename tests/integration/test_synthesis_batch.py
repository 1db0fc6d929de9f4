"""A wave of synthesis as a batch inference job of the local Bedrock: its answers are found in the cache afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from schemas.events import RunRequested, SynthesisBatchDue, SynthesisRequested
from shared.runtime.connection import Connection
from shared.runtime.worker import Delayed
from tests.integration.localcloud_support import connected
from tests.unit.workers import world
from tests.unit.workers.driving import context
from workers.dataset_builder.worker import DatasetBuilder
from workers.synthetic_gen.worker import SyntheticGen

pytestmark = pytest.mark.cloud


@pytest.fixture
async def connection(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connection]:
    async with connected(monkeypatch, batch_minimum=1) as connection:
        yield connection


async def test_a_wave_is_answered_by_a_job_and_its_samples_call_no_teacher(connection: Connection) -> None:
    services = connection.services
    await world.put_run(services, synthesis={"batch": "always", "filters": {"closed_book": False}})
    for number in range(6):
        await world.ingest(services, number)
    builder, teacher = DatasetBuilder(services), SyntheticGen(services)
    emitted = await builder.handle(RunRequested(run=world.RUN, corpus=world.CORPUS), context())
    (due,) = [event for event in emitted if isinstance(event, SynthesisBatchDue)]
    async with asyncio.timeout(60):
        while isinstance((found := await teacher.handle(due, context()))[0], Delayed):
            due = found[0].event  # type: ignore[assignment]
            await asyncio.sleep(0.2)
    requests = [event for event in found if isinstance(event, SynthesisRequested)]
    assert requests
    for request in requests:
        await teacher.handle(request, context(request.unit.name))
    (spent,) = await services.ledger.spent(f"run/{world.RUN}")
    assert (spent.model, spent.cached) == ("local.teacher-v1", len(requests))
    assert spent.calls == spent.cached and spent.input_tokens == spent.saved_input_tokens
