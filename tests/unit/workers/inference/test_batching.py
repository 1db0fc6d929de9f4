"""An arm by batch inference: its answers are in the cache before its shards are cut, and nothing hangs on the job."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

import pytest

from schemas.artifacts import GroundTruth, Prediction
from schemas.events import ArmPredicted, InferenceBatchDue, InferenceShardDue, ModelReady
from schemas.state import RunRecord
from shared.batching import FIRST_LOOK_S, LONGEST_LOOK_S, look_delay_s
from shared.bedrock.ports import Answer
from shared.errors import GroundtuneError, Poison, Throttled
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.store import keys
from shared.testing.batches import FakeBatches
from shared.testing.bedrock import Call, FakeBedrock
from shared.testing.caching import CachingBedrock
from shared.testing.objects import MemoryObjectStore
from shared.testing.services import memory_services
from shared.testing.table import MemoryTable
from tests.unit.workers import snapshots, world
from tests.unit.workers.driving import Pipeline, context
from workers.inference.worker import Inference

Ends = Literal["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"]
MODEL = "local.reader-v1"
ARMS = world.experiment().arms[:2]
READY = [ModelReady(run=world.RUN, arm=arm.slug, model=MODEL) for arm in ARMS]
DUE = InferenceBatchDue(run=world.RUN, arm=ARMS[0].slug, model=MODEL)
QUESTIONS, SIZE = 12, 5
TABLE = (
    b"models: {local.reader-v1: {usd_input: 2, usd_output: 4, usd_batch_input: 1, usd_batch_output: 2,"
    b" batch_min_records: 10}}"
)


def said(call: Call) -> Answer:
    return Answer(f"It is {len(call.user)}.", "max_tokens", 10, 3)


async def prepared(
    batch: str = "always", ends: Ends = "Completed", *, answered: Any = said, looks: int = 2, minimum: int = 1,
    budget_usd: float | None = None, table: MemoryTable | None = None,
) -> tuple[Services, FakeBedrock, FakeBatches]:  # fmt: skip
    objects = MemoryObjectStore()
    bedrock = CachingBedrock(objects, said)
    batches = FakeBatches(objects, FakeBedrock(answered), ends=ends, looks=looks, minimum=minimum)
    services = memory_services(bedrock=bedrock, batches=batches, objects=objects, table=table)
    arms = [arm.model_dump() for arm in ARMS]
    await world.put_run(services, inference={"batch": batch}, arms=arms, budget_usd=budget_usd)
    for number in range(6):
        await world.ingest(services, number)
    await snapshots.put_snapshot(services)
    truth = [
        GroundTruth(id=f"q{n:02d}", question=f"What is gadget{n % 6}, part {n}?", answer="x", references=[])
        for n in range(QUESTIONS)
    ]
    await services.artifacts.write_lines(keys.run(world.RUN, "evaluation.jsonl"), truth)
    await objects.put(keys.MODELS, TABLE)
    shards = -(-QUESTIONS // SIZE)
    record = RunRecord(run=world.RUN, name="d", corpus=world.CORPUS, created=1, updated=1, shards=shards, shard_size=5)
    await services.runs.create(record)
    return services, bedrock, batches


async def predictions(services: Services, arm: str = ARMS[0].slug) -> list[Prediction]:
    shards = [
        await services.artifacts.read_lines(keys.predictions(world.RUN, arm, shard), Prediction)
        for shard in range(-(-QUESTIONS // SIZE))
    ]
    return [prediction for shard in shards for prediction in shard]


@pytest.mark.parametrize("twice", [False, True])
async def test_every_arm_is_answered_by_one_job_and_no_call_is_made_online(twice: bool) -> None:
    services, bedrock, batches = await prepared()
    driven = Pipeline([Inference(services)], twice=twice)
    await driven.run(*READY)
    assert (len(bedrock.calls), len(batches.started)) == (0, 2)
    assert {event.arm for event in driven.emitted if isinstance(event, ArmPredicted)} == {arm.slug for arm in ARMS}
    online, *_ = await prepared("never")
    await Pipeline([Inference(online)]).run(*READY)
    for arm in ARMS:
        of_batch, of_calls = await predictions(services, arm.slug), await predictions(online, arm.slug)
        assert [p.model_copy(update={"cached": False, "latency_ms": None}) for p in of_calls] == [
            p.model_copy(update={"cached": False}) for p in of_batch
        ]
        assert all(p.latency_ms is None and p.stop_reason == "max_tokens" and p.prompt_sha256 for p in of_batch)


@pytest.mark.parametrize("ends", ["Failed", "Expired", "Stopped", "PartiallyCompleted"])
async def test_what_a_job_leaves_open_is_asked_online(ends: Ends) -> None:
    services, bedrock, _ = await prepared(ends=ends)
    await Pipeline([Inference(services)]).run(*READY)
    assert [p.error for p in await predictions(services)] == [None] * QUESTIONS
    assert len(bedrock.calls) == (QUESTIONS if ends == "PartiallyCompleted" else 2 * QUESTIONS)


@pytest.mark.parametrize("error", [Throttled("slow down"), Poison("refused")])
async def test_a_record_with_an_error_is_asked_again_alone(error: GroundtuneError) -> None:
    services, bedrock, _ = await prepared(answered=lambda call: error if "part 3?" in call.user else said(call))
    await Pipeline([Inference(services)]).run(READY[0])
    assert [("part 3?" in call.user) for call in bedrock.calls] == [True]
    assert [p.error for p in await predictions(services)] == [None] * QUESTIONS


async def test_a_job_that_the_model_is_too_few_records_for_fails_and_all_is_asked_online() -> None:
    services, bedrock, _ = await prepared(minimum=100)
    await Pipeline([Inference(services)]).run(READY[0])
    assert len(bedrock.calls) == QUESTIONS


async def test_auto_is_settled_once_so_that_a_new_price_parts_no_arms() -> None:
    services, _, _ = await prepared("auto")
    first = await Inference(services).handle(READY[0], context())
    assert [type(event) for event in first] == [InferenceBatchDue]
    dearer = TABLE.replace(b"usd_batch_input: 1", b"usd_batch_input: 3")
    await services.artifacts.objects.put(keys.MODELS, dearer)
    second = await Inference(memory_again(services)).handle(READY[1], context())
    assert [type(event) for event in second] == [InferenceBatchDue]


def memory_again(services: Services) -> Services:
    """Another process: it reads the table of models anew."""
    fresh = memory_services(objects=services.artifacts.objects, bedrock=services.bedrock, batches=services.batches)
    return Services(**{**vars(services), "models": fresh.models})


async def test_what_is_not_worth_a_job_is_cut_at_once() -> None:
    services, _, batches = await prepared("auto")
    await services.artifacts.objects.put(keys.MODELS, TABLE.replace(b"min_records: 10", b"min_records: 13"))
    emitted = await Inference(services).handle(READY[0], context())
    assert {type(event) for event in emitted} == {InferenceShardDue} and not batches.started


async def test_a_second_run_of_the_same_questions_needs_no_job() -> None:
    services, bedrock, batches = await prepared()
    await Pipeline([Inference(services)]).run(READY[0])
    other = DUE.model_copy(update={"revision": 1})
    emitted = await Inference(services).handle(other, context())
    assert len(batches.started) == 1 and not bedrock.calls
    assert emitted == []  # and no shard is missing


class Killed(Exception):
    """A worker that dies within a handler."""


class Mortal(MemoryTable):
    """Dies at its n-th write."""

    def __init__(self) -> None:
        super().__init__()
        self.left = -1

    def _written(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed

    async def create(self, item: Any) -> Any:
        self._written()
        return await super().create(item)

    async def add(self, *args: Any, **values: Any) -> Any:
        self._written()
        return await super().add(*args, **values)


@pytest.mark.parametrize("writes", range(1, 8))
async def test_a_worker_that_dies_at_any_write_starts_no_second_job_and_counts_no_answer_twice(writes: int) -> None:
    table = Mortal()
    services, bedrock, batches = await prepared(looks=0, budget_usd=1.0, table=table)
    table.left = writes
    with suppress(Killed):
        await Inference(services).handle(DUE, context())
    table.left = -1
    emitted = await Inference(services).handle(DUE, context())
    assert {type(found) for found in emitted} == {InferenceShardDue}
    assert len(batches.started) == 1
    spent = [part for part in await services.ledger.spent(f"run/{world.RUN}") if part.calls]
    assert sum(part.calls for part in spent) in (0, QUESTIONS)
    total = await table.get(f"ledger#run/{world.RUN}", "total")
    cost = QUESTIONS * (10 * 1 + 3 * 2) * 1_000
    assert total is not None and total["nano"] >= cost
    assert not bedrock.calls


async def test_a_job_is_charged_at_the_batch_price_and_what_it_reserved_is_given_back() -> None:
    services, _, _ = await prepared(budget_usd=1.0)
    await Pipeline([Inference(services)]).run(READY[0])
    (spent,) = await services.ledger.spent(f"run/{world.RUN}")
    assert (spent.part, spent.calls) == (f"arm/{ARMS[0].slug}", QUESTIONS)
    assert spent.usd == pytest.approx(QUESTIONS * (10 * 1 + 3 * 2) / 1e6)
    total = await services.runs._table.get(f"ledger#run/{world.RUN}", "total")
    assert total is not None and total["nano"] == pytest.approx((spent.usd or 0) * 1e9)


async def test_a_job_that_the_budget_does_not_cover_is_not_started() -> None:
    services, _, batches = await prepared(budget_usd=0.000001)
    emitted = await Inference(services).handle(DUE, context())
    assert not batches.started and {type(event) for event in emitted} == {InferenceShardDue}


async def test_looks_come_later_and_later() -> None:
    services, _, batches = await prepared(looks=3)
    inference, event, delays = Inference(services), DUE, []
    while isinstance((found := (await inference.handle(event, context()))[0]), Delayed):
        delays.append(found.seconds)
        assert isinstance(found.event, InferenceBatchDue)
        event = found.event
    assert delays == [FIRST_LOOK_S, 2 * FIRST_LOOK_S, 4 * FIRST_LOOK_S] and event.poll == 3
    assert len(batches.started) == 1
    assert look_delay_s(0) == FIRST_LOOK_S and look_delay_s(100_000) == LONGEST_LOOK_S


async def test_an_arm_that_is_asked_for_again_while_its_job_runs_starts_no_second_one() -> None:
    services, _, batches = await prepared(looks=9)
    await Inference(services).handle(DUE, context())
    assert await Inference(services).handle(READY[0], context()) == [DUE]  # named by what it says: a repeat
    (later,) = await Inference(services).handle(DUE, context())
    assert isinstance(later, Delayed) and len(batches.started) == 1


async def test_a_cancelled_run_stops_its_job() -> None:
    services, _, batches = await prepared(looks=9)
    inference = Inference(services)
    await inference.handle(DUE, context())
    await services.runs.advance(world.RUN, "cancelled")
    assert await inference.handle(DUE.model_copy(update={"poll": 1}), context()) == []
    assert [batch.status for batch in batches.batches.values()] == ["Stopped"]


async def test_a_batch_event_that_died_leads_to_the_shards_all_the_same() -> None:
    services, _, _ = await prepared()
    emitted = await Inference(services).failed(DUE, "a bug", context())
    assert {type(event) for event in emitted} == {InferenceShardDue}


class Refusing(FakeBatches):
    """Takes no job."""

    def __init__(self, services: Services, error: GroundtuneError) -> None:
        super().__init__(services.artifacts.objects, services.bedrock)
        self._error = error

    async def create(
        self, *, name: str, token: str, model: str, input_uri: str, output_uri: str, tags: Mapping[str, str]
    ) -> str:
        raise self._error


async def reserved(services: Services) -> int:
    total = await services.runs._table.get(f"ledger#run/{world.RUN}", "total")
    assert total is not None
    return int(total["nano"])


async def test_a_job_that_bedrock_refuses_is_no_job_and_takes_nothing_of_the_budget() -> None:
    services, _, _ = await prepared(budget_usd=1.0)
    refusing = Services(**{**vars(services), "batches": Refusing(services, Poison("no batch inference of this model"))})
    emitted = await Inference(refusing).handle(DUE, context())
    assert {type(event) for event in emitted} == {InferenceShardDue}
    assert await reserved(services) == 0


async def test_a_job_that_must_wait_for_others_comes_back_and_takes_nothing_of_the_budget_until_then() -> None:
    services, _, _ = await prepared(budget_usd=1.0)
    busy = Services(**{**vars(services), "batches": Refusing(services, Throttled("too many jobs"))})
    for _ in range(3):
        with pytest.raises(Throttled):
            await Inference(busy).handle(DUE, context())
    assert await reserved(services) == 0
