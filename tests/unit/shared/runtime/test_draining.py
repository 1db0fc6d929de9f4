from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from schemas.event import Event
from shared.runtime.consumer import Consumer
from shared.runtime.heartbeat import in_this_loop
from shared.runtime.leases import Renewals
from shared.runtime.queue import Outcomes
from shared.runtime.worker import Context, Emitted
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
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


async def test_what_is_interrupted_while_it_is_renewed_goes_back_before_the_end() -> None:
    class Slow:
        """Each renewal takes five seconds on its way back."""

        name = "slow"

        async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
            outcomes = await world.queue.change_visibility(changes)
            await world.clock.sleep(5)
            return outcomes

    class SlowStore(IdempotencyStore):
        async def release(self, *key: str, **values: Any) -> bool:
            await world.clock.sleep(1)
            return await super().release(*key, **values)

    world = World(handler=endless)
    world.store = SlowStore(world.table, EventArchive(world.objects), world.clock.now)
    world.push()
    beating = in_this_loop(Renewals(Slow(), world.store))  # type: ignore[arg-type]
    consumer = Consumer(world.desk(), world.queue, world.topic, world.objects, beating, grace_s=18.75, wait_s=1)
    stop = asyncio.Event()
    work = asyncio.ensure_future(consumer.run(stop))
    await world.clock.advance(1)
    stop.set()  # the first renewal begins before half time, at 13.5 s, and its answer is there 2.5 s after the grace
    await world.clock.run(work)
    assert world.queue.visible == 1


async def test_the_end_tells_how_messages_ended() -> None:
    world = World()
    world.push()
    with structlog.testing.capture_logs() as records:
        await world.live(5)
    (drained,) = [record for record in records if record["event"] == "worker.drained"]
    assert (drained["deleted"], drained["abandoned"]) == (1, 0)
