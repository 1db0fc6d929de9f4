from __future__ import annotations

from schemas.event import Event
from shared.errors import Poison, Throttled
from shared.runtime.worker import Context, Emitted
from shared.store.unrecorded import REMEMBERED, Unrecorded
from tests.unit.shared.runtime.world import World


async def test_an_idempotent_worker_handles_and_emits_without_a_record() -> None:
    world = World(idempotent=True)
    world.push()
    await world.live(5)
    assert world.handled == [("event-1", 1)] and world.queue.entries == {}
    assert len(world.scored()) == 1 and await world.status() is None


async def test_a_duplicate_is_handled_again_and_emits_the_same_ids() -> None:
    world = World(idempotent=True)
    world.queue.duplicate(world.push())
    await world.live(60)
    assert len(world.handled) == 2 and len(world.scored()) == 1 and world.queue.entries == {}


async def test_a_bug_is_given_up_after_the_attempts_that_this_process_counted() -> None:
    async def broken(event: Event, context: Context) -> Emitted:
        raise RuntimeError("a bug")

    world = World(handler=broken, idempotent=True)
    world.push()
    await world.live(3000)
    assert [attempt for _, attempt in world.handled] == [1, 2, 3, 4]
    assert len(world.dead.entries) == 1 and len(world.failures) == 1 and world.queue.entries == {}


async def test_throttling_does_not_count_and_poison_goes_at_once() -> None:
    async def throttled(event: Event, context: Context) -> Emitted:
        if len(world.handled) <= 10:
            raise Throttled("slow down", delay_s=1)
        raise Poison("no such arm: a")

    world = World(handler=throttled, idempotent=True)
    world.push()
    await world.live(300)
    assert {attempt for _, attempt in world.handled} == {1}
    assert len(world.handled) == 11 and len(world.dead.entries) == 1


async def test_only_the_latest_failures_are_remembered() -> None:
    store = Unrecorded(lambda: 0.0)
    for number in range(REMEMBERED + 1):
        await store.release(str(number), "inference", "owner", counted=True)
    first, last = [await store.claim(str(n), "inference", "hash", "owner", 30) for n in (0, REMEMBERED)]
    assert (first.attempt, last.attempt) == (1, 2)  # type: ignore[union-attr]


async def test_there_is_no_record_to_mark_or_to_ask() -> None:
    store = Unrecorded(lambda: 0.0)
    await store.published("event", "inference")
    await store.dead_lettered("event", "inference")
    assert not await store.given_up("event", "inference")
