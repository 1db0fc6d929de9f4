from __future__ import annotations

import asyncio
from typing import Any

import pytest

from schemas.envelope import Envelope
from schemas.event import Event
from schemas.events import ModelReady
from shared.errors import Poison, Retryable
from shared.observe.prometheus import Prometheus
from shared.observe.tracing import TRACEPARENT
from shared.runtime.message import Attribute, Outgoing
from shared.runtime.worker import Context, Emitted
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from tests.unit.shared.runtime.world import EVENT, World, enveloped, one_shard

TYPE = ModelReady.type


class Measured:
    """A world, and what Prometheus would see of it."""

    def __init__(self, **options: object) -> None:
        self._prometheus = Prometheus()
        self.world = World(meter=self._prometheus.meter("inference"), **options)  # type: ignore[arg-type]

    def value(self, name: str, **labels: str) -> float | None:
        return self._prometheus.registry.get_sample_value(f"groundtune_{name}", {"queue": "inference", **labels})

    def outcomes(self, outcome: str) -> float | None:
        return self.value("events_total", type=TYPE, outcome=outcome)


async def test_a_handled_event_is_counted_and_timed() -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await measured.world.clock.sleep(20)
        return await one_shard(event, context)

    measured = Measured(handler=slow)
    measured.world.push()
    await measured.world.live(30)
    assert measured.outcomes("completed") == 1
    assert measured.value("handler_seconds_sum", type=TYPE, outcome="completed") == pytest.approx(20)
    assert measured.value("messages_settled_total", way="deleted") == 1
    assert measured.value("lease_margin_seconds_count", at="renewed") == 1
    assert measured.value("lease_margin_seconds_count", at="settled") == 1
    assert measured.value("messages_received_total") == 1
    assert measured.value("empty_receives_total") == measured.value("receives_total") - 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("errors", "outcomes"),
    [
        ([Retryable("later", delay_s=1)], {"released": 1, "completed": 1}),
        ([Poison("never")], {"failed": 1}),
        ([ValueError("a bug")] * 4, {"released": 3, "failed": 1}),
    ],
)
async def test_what_goes_wrong_is_counted_by_how_it_ended(errors: list[Exception], outcomes: dict[str, int]) -> None:
    async def failing(event: Event, context: Context) -> Emitted:
        if errors:
            raise errors.pop()
        return []

    measured = Measured(handler=failing)
    measured.world.push()
    await measured.world.live(600)
    assert {name: measured.outcomes(name) for name in outcomes} == outcomes


async def test_duplicates_and_the_undecodable_are_counted() -> None:
    measured = Measured()
    measured.world.queue.duplicate(measured.world.push())
    measured.world.queue.put("no json")
    await measured.world.live(100)
    assert measured.outcomes("repeated") == 1
    assert measured.value("events_total", type="unknown", outcome="poison") == 1


async def test_the_backlog_is_looked_at_under_load_and_known_to_be_nothing_when_idle() -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await measured.world.clock.sleep(10)
        return []

    measured = Measured(handler=slow)
    world = measured.world
    for number in range(100):
        world.push(id=str(number))
    work = asyncio.ensure_future(world.consumer().run(stop := asyncio.Event()))
    await world.clock.advance(35)
    waiting, seconds = measured.value("backlog_messages"), measured.value("backlog_seconds")
    assert waiting is not None and 80 <= waiting <= 92
    assert seconds == pytest.approx(waiting * 10 / world.topic.concurrency_max, rel=0.2)
    await world.clock.advance(600)
    asked = world.queue.calls["backlog"]
    assert measured.value("backlog_messages") == 0
    await world.clock.advance(600)
    assert world.queue.calls["backlog"] == asked
    stop.set()
    await world.clock.run(work)


async def test_occupancy_is_read_when_somebody_asks() -> None:
    async def endless(event: Event, context: Context) -> Emitted:
        await measured.world.clock.sleep(10_000)
        return []

    measured = Measured(handler=endless)
    for number in range(3):
        measured.world.push(id=str(number))
    work = asyncio.ensure_future(measured.world.consumer().run(stop := asyncio.Event()))
    await measured.world.clock.advance(1)
    assert (measured.value("messages_running"), measured.value("concurrency_limit")) == (3, 4)
    stop.set()
    await measured.world.clock.run(work)


async def test_the_trace_of_an_event_goes_on_in_what_it_emits() -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    world = World()
    await world.queue.send([Outgoing(enveloped(EVENT, "event-1"), {TRACEPARENT: Attribute(trace)})])
    await world.live(5)
    (entry,) = world.queues["scorer"].entries.values()
    assert entry.message.attributes[TRACEPARENT].value == trace
    assert Envelope.model_validate_json(entry.message.body).traceparent == trace


async def test_a_renewal_that_comes_while_an_event_is_given_back_is_no_lost_lease() -> None:
    async def not_yet(event: Event, context: Context) -> Emitted:
        await measured.world.clock.sleep(12)
        raise Retryable("not yet", delay_s=100)

    class SlowAnswer(IdempotencyStore):
        async def release(self, *key: str, **values: Any) -> bool:
            released = await super().release(*key, **values)
            await measured.world.clock.sleep(5)
            return released

    measured = Measured(handler=not_yet)
    world = measured.world
    world.store = SlowAnswer(world.table, EventArchive(world.objects), world.clock.now)
    world.push()
    await world.live(30)
    assert world.queue.calls["change_visibility"] == 2 and measured.outcomes("released") == 1
    assert measured.value("leases_lost_total", code="RecordTaken") is None
