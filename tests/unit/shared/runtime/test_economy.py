"""What the runtime asks of SQS: full batches, cheap idleness, and nothing that could be done elsewhere."""

from __future__ import annotations

import asyncio

import pytest

from schemas.event import Event
from schemas.events import PredictionsReady
from shared.runtime.worker import Context, Emitted
from tests.unit.shared.runtime.world import World

MESSAGES = 400


def requests(world: World) -> float:
    """Requests a message and hop: receives, renewals and deletes, and the sends to the next queue."""
    calls = world.queue.calls
    here = calls["receive"] + calls["delete"] + calls["change_visibility"]
    return (here + world.queues["scorer"].calls["send"]) / MESSAGES


async def loaded(handler_s: float, *, concurrency: int = 10, seconds: float = 60) -> World:
    """A world that has worked on its messages, each of which emits one event."""

    async def handler(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(handler_s)
        return [PredictionsReady(run="r1", arm="a", shard=int(context.event_id))]

    world = World(handler=handler, concurrency=concurrency)
    for number in range(MESSAGES):
        world.push(id=str(number))
    await world.live(seconds)
    assert world.queue.entries == {} and len(world.scored()) == MESSAGES
    return world


@pytest.mark.parametrize(("handler_s", "concurrency"), [(0, 10), (0.01, 10), (0.1, 10), (0.1, 4), (0, 1)])
async def test_a_hop_costs_a_third_of_a_request_under_load(handler_s: float, concurrency: int) -> None:
    world = await loaded(handler_s, concurrency=concurrency)
    assert requests(world) <= 0.33 + 4 / MESSAGES  # a last long poll or two find nothing


async def test_a_heartbeat_costs_a_tenth_of_a_request() -> None:
    world = await loaded(20, concurrency=40, seconds=500)
    assert requests(world) <= 0.45 + 20 / MESSAGES  # the last, smaller batches


async def test_an_idle_queue_costs_180_requests_an_hour() -> None:
    world = World()
    await world.live(3600)
    assert sum(world.queue.calls.values()) <= 181


async def test_slow_handlers_leave_to_others_what_they_cannot_work_on() -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(60)
        return []

    world = World(handler=slow, concurrency=4)
    for number in range(30):
        world.push(id=str(number))
    work = asyncio.ensure_future(world.consumer().run(stop := asyncio.Event()))
    await world.clock.advance(200)
    assert world.queue.in_flight == 4 and world.queue.visible >= 10
    stop.set()
    await world.clock.run(work)


async def test_queues_that_refuse_do_not_fill_the_hands_of_a_worker() -> None:
    async def quick(event: Event, context: Context) -> Emitted:
        return [PredictionsReady(run="r1", arm="a", shard=int(context.event_id))]

    world = World(handler=quick, concurrency=4)
    for number in range(1000):
        world.push(id=str(number))
    world.queues["scorer"].refuse("send", 100_000)
    work = asyncio.ensure_future(world.consumer().run(stop := asyncio.Event()))
    await world.clock.advance(3)
    assert 90 <= world.queue.in_flight <= 130
    world.queues["scorer"].refuse("send", 0)
    await world.clock.advance(300)
    assert world.queue.entries == {} and len(world.scored()) == 1000
    stop.set()
    await world.clock.run(work)
