"""A wave by batch inference: its answers are in the cache before the samples are requested, and nothing hangs on it."""

from __future__ import annotations

import random
from typing import Any, Literal

import pytest

from schemas.events import DatasetReady, RunRequested, SynthesisBatchDue, SynthesisRequested
from shared.bedrock.models import Facts
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.testing.batches import FakeBatches
from shared.testing.bedrock import FakeBedrock
from shared.testing.caching import CachingBedrock
from shared.testing.objects import MemoryObjectStore
from shared.testing.services import memory_services
from tests.unit.workers import world
from tests.unit.workers.driving import Pipeline, context
from workers.dataset_builder.batching import worthwhile
from workers.dataset_builder.worker import DatasetBuilder
from workers.synthetic_gen.worker import SyntheticGen

DUE = SynthesisBatchDue(run=world.RUN, wave=0)


def online(bedrock: FakeBedrock) -> int:
    """Teacher calls that no cache answered."""
    return sum("check" not in world.task_of(call) for call in bedrock.calls)


async def prepared(
    ends: Literal["Completed", "PartiallyCompleted", "Failed", "Expired"] = "Completed",
    minimum: int = 1,
    looks: int = 2,
    **changes: Any,
) -> tuple[Services, FakeBedrock, FakeBatches]:
    objects = MemoryObjectStore()
    bedrock = CachingBedrock(objects, world.teacher)
    batches = FakeBatches(objects, FakeBedrock(world.teacher), ends=ends, minimum=minimum, looks=looks)
    services = memory_services(bedrock=bedrock, batches=batches, objects=objects)
    await world.put_run(services, **{"synthesis": {"batch": "always"}, **changes})
    for number in range(6):
        await world.ingest(services, number)
    return services, bedrock, batches


async def run(services: Services, *, twice: bool = False) -> Pipeline:
    driven = Pipeline([DatasetBuilder(services), SyntheticGen(services)], random.Random(1), twice)
    await driven.run(RunRequested(run=world.RUN, corpus=world.CORPUS))
    return driven


@pytest.mark.parametrize("twice", [False, True])
async def test_a_wave_is_answered_by_one_job_and_no_call_is_made_online(twice: bool) -> None:
    services, bedrock, batches = await prepared()
    driven = await run(services, twice=twice)
    assert [e.examples for e in driven.emitted if isinstance(e, DatasetReady)][-1] == 10
    assert (online(bedrock), len(batches.started)) == (
        0,
        len({e.wave for e in driven.emitted if isinstance(e, SynthesisBatchDue)}),
    )
    looks = [event.poll for event in driven.emitted if isinstance(event, SynthesisBatchDue) and event.wave == 0]
    assert looks[:2] == [0, 1]


@pytest.mark.parametrize("ends", ["Failed", "Expired", "PartiallyCompleted"])
async def test_what_a_job_leaves_open_is_asked_online(ends: Literal["Failed", "Expired", "PartiallyCompleted"]) -> None:
    services, bedrock, _ = await prepared(ends)
    driven = await run(services)
    assert [e.examples for e in driven.emitted if isinstance(e, DatasetReady)][-1] == 10
    assert online(bedrock) > 0


async def test_too_few_records_for_a_job_are_asked_online() -> None:
    services, bedrock, _ = await prepared(minimum=100)
    driven = await run(services)
    assert [e.examples for e in driven.emitted if isinstance(e, DatasetReady)][-1] == 10
    assert online(bedrock) > 0


async def planned(services: Services) -> SyntheticGen:
    """A run whose first wave is settled."""
    await DatasetBuilder(services).handle(RunRequested(run=world.RUN, corpus=world.CORPUS), context())
    return SyntheticGen(services)


async def test_a_request_delivered_again_starts_no_second_job_and_looks_come_later_and_later() -> None:
    services, _, batches = await prepared(looks=9)
    worker = await planned(services)
    delays = []
    for poll in (0, 0, 1):
        (entry,) = await worker.handle(DUE.model_copy(update={"poll": poll}), context())
        if isinstance(entry, Delayed):
            delays.append(entry.seconds)
    assert (len(batches.started), delays) == (1, [60.0, 60.0, 120.0])
    (started,) = batches.started.values()
    assert started.tags == {"groundtune:run": world.RUN}


async def test_a_cancelled_run_stops_its_job_and_requests_nothing() -> None:
    services, _, batches = await prepared()
    worker = await planned(services)
    await worker.handle(DUE, context())
    await services.runs.advance(world.RUN, "cancelled")
    assert await worker.handle(DUE.model_copy(update={"poll": 1}), context()) == []
    assert [batch.status for batch in batches.batches.values()] == ["Stopped"]


async def test_a_batch_event_that_died_leads_to_the_samples_all_the_same() -> None:
    services, _, _ = await prepared()
    worker = await planned(services)
    emitted = await worker.failed(DUE, "a bug", context())
    assert emitted and all(isinstance(event, SynthesisRequested) for event in emitted)


async def test_a_job_is_charged_at_the_batch_price_and_what_it_reserved_is_given_back() -> None:
    table = b"models: {local.teacher-v1: {usd_input: 2, usd_output: 4, usd_batch_input: 1, usd_batch_output: 2}}"
    services, _, _ = await prepared(budget_usd=5.0)
    await services.artifacts.objects.put("config/models.yaml", table)
    await run(services)
    (spent,) = [part for part in await services.ledger.spent(f"run/{world.RUN}") if part.calls]
    assert spent.usd == pytest.approx((spent.input_tokens + 2 * spent.output_tokens) / 1e6)
    total = await services.runs._table.get(f"ledger#run/{world.RUN}", "total")
    assert total is not None and total["nano"] == pytest.approx((spent.usd or 0) * 1e9)


async def test_a_job_that_the_budget_does_not_cover_is_not_started() -> None:
    table = b"models: {local.teacher-v1: {usd_input: 2, usd_output: 4, usd_batch_input: 1, usd_batch_output: 2}}"
    services, _, batches = await prepared(budget_usd=0.000001)
    await services.artifacts.objects.put("config/models.yaml", table)
    worker = await planned(services)
    emitted = await worker.handle(DUE, context())
    assert batches.started == {} and all(isinstance(event, SynthesisRequested) for event in emitted)


@pytest.mark.parametrize(
    ("facts", "calls", "worth"),
    [
        ({"usd_input": 2, "usd_output": 4, "usd_batch_input": 1, "usd_batch_output": 2}, 100, True),
        ({"usd_input": 2, "usd_output": 4, "usd_batch_input": 1, "usd_batch_output": 2}, 99, False),
        (
            {"usd_input": 2, "usd_output": 4, "usd_batch_input": 1, "usd_batch_output": 2, "batch_min_records": 10},
            10,
            True,
        ),
        ({"usd_input": 2, "usd_output": 4, "usd_batch_input": 1}, 1000, False),
        ({"usd_input": 0, "usd_output": 0, "usd_batch_input": 0, "usd_batch_output": 0}, 1000, False),
        ({}, 1000, False),
    ],
)
def test_a_batch_is_chosen_when_it_is_large_enough_and_known_to_be_cheaper(
    facts: dict[str, Any], calls: int, worth: bool
) -> None:
    assert worthwhile(Facts(**facts), calls) is worth
