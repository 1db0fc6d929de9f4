from __future__ import annotations

import asyncio

import structlog

from schemas.event import Event
from shared.runtime.worker import Context, Emitted
from tests.unit.shared.runtime.world import World, one_shard


async def endless(event: Event, context: Context) -> Emitted:
    await asyncio.get_running_loop().create_future()
    return []


async def test_a_second_signal_gives_everything_back_without_grace() -> None:
    world = World(handler=endless, grace_s=1000)
    for number in range(12):
        world.push(id=str(number))
    stop, now = asyncio.Event(), asyncio.Event()
    work = asyncio.ensure_future(world.consumer().run(stop, now))
    await world.clock.advance(1)
    stop.set()
    await world.clock.advance(100)
    assert world.queue.in_flight == world.topic.concurrency_max and not work.done()
    now.set()
    begun = world.clock.now()
    await world.clock.run(work)
    assert world.queue.visible == 12 and world.clock.now() - begun < 5


async def test_a_drain_ends_within_the_grace_though_handlers_and_deletes_would_not() -> None:
    async def stubborn(event: Event, context: Context) -> Emitted:
        while True:
            try:
                await world.clock.sleep(10)
            except asyncio.CancelledError:
                world.failures.append("ignored")
                if len(world.failures) > 1:
                    raise

    world = World(handler=stubborn, grace_s=20)
    world.push()
    world.queue.refuse("change_visibility", 10_000)
    stop = asyncio.Event()
    work = asyncio.ensure_future(world.consumer().run(stop))
    await world.clock.advance(1)
    stop.set()
    begun = world.clock.now()
    await world.clock.run(work)
    assert world.clock.now() - begun <= 22


async def test_renewals_go_on_through_a_drain() -> None:
    async def long(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(200)
        return await one_shard(event, context)

    world = World(handler=long, grace_s=500)
    world.push()
    stop = asyncio.Event()
    work = asyncio.ensure_future(world.consumer().run(stop))
    await world.clock.advance(10)
    stop.set()
    await world.clock.run(work)
    assert world.handled == [("event-1", 1)] and world.queue.entries == {}


async def test_the_end_tells_how_messages_ended() -> None:
    world = World()
    world.push()
    with structlog.testing.capture_logs() as records:
        await world.live(5)
    (drained,) = [record for record in records if record["event"] == "worker.drained"]
    assert (drained["deleted"], drained["abandoned"]) == (1, 0)
