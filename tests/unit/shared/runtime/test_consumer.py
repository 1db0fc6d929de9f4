from __future__ import annotations

import asyncio

import pytest

from schemas.event import Event
from schemas.events import PredictionsReady, RunScored
from shared.errors import Poison, Retryable, Throttled
from shared.runtime.deadletter import ATTEMPTS, ERROR, REASON, SOURCE
from shared.runtime.outbox import NOT_BEFORE
from shared.runtime.worker import Context, Delayed, Emitted
from tests.unit.shared.runtime.world import EVENT, World, enveloped, one_shard


async def test_an_event_is_handled_its_events_sent_and_its_message_deleted() -> None:
    world = World()
    world.push()
    await world.live(5)
    assert world.handled == [("event-1", 1)]
    assert len(world.scored()) == 1 and len(world.announced()) == 1
    assert world.queue.entries == {} and await world.status() == "completed"


async def test_duplicates_have_one_effect() -> None:
    world = World()
    first = world.push()
    for _ in range(5):
        world.queue.duplicate(first)
    await world.live(300)
    assert len(world.handled) == 1
    assert len(world.scored()) == 1
    assert world.queue.entries == {}


async def test_a_duplicate_that_comes_while_the_first_runs_waits_for_it() -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(100)
        return await one_shard(event, context)

    world = World(handler=slow)
    world.queue.duplicate(world.push())
    await world.live(300)
    assert len(world.handled) == 1 and world.queue.entries == {}


async def test_a_handler_longer_than_the_visibility_timeout_keeps_its_message() -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(1000)
        return []

    world = World(handler=slow)
    world.push()
    await world.live(1100)
    assert len(world.handled) == 1 and world.queue.entries == {}


async def test_poison_goes_to_the_dead_letter_queue_at_once_with_its_reason() -> None:
    async def poisoned(event: Event, context: Context) -> Emitted:
        raise Poison("no such arm: a")

    world = World(handler=poisoned)
    world.push()
    await world.live(5)
    (entry,) = world.dead.entries.values()
    attributes = {name: attribute.value for name, attribute in entry.message.attributes.items()}
    assert attributes[REASON] == "no such arm: a"
    assert (attributes[ERROR], attributes[SOURCE], attributes[ATTEMPTS]) == ("Poison", "inference", "1")
    assert entry.message.body == enveloped(EVENT, "event-1")
    assert world.failures == ["no such arm: a"]
    assert len(world.queues["finetune-launcher"].entries) == 1
    assert world.queue.entries == {} and await world.status() == "failed"


async def test_a_duplicate_of_a_failed_event_is_deleted_without_work() -> None:
    async def poisoned(event: Event, context: Context) -> Emitted:
        raise Poison("bad")

    world = World(handler=poisoned)
    world.queue.duplicate(world.push())
    await world.live(60)
    assert len(world.handled) == 1 and len(world.failures) == 1
    assert len(world.dead.entries) == 1 and world.queue.entries == {}


async def test_a_bug_is_retried_until_its_attempts_are_used_up() -> None:
    async def buggy(event: Event, context: Context) -> Emitted:
        raise ZeroDivisionError("by zero")

    world = World(handler=buggy)
    world.push()
    await world.live(3600)
    assert [attempt for _, attempt in world.handled] == [1, 2, 3, 4]
    assert world.failures == ["given up after 4 attempts; the last: ZeroDivisionError: by zero"]
    assert len(world.dead.entries) == 1 and world.queue.entries == {}


async def test_retryable_does_not_use_up_attempts_nor_receives() -> None:
    async def busy(event: Event, context: Context) -> Emitted:
        if len(world.handled) < 30:
            raise Retryable("come again", delay_s=60)
        return await one_shard(event, context)

    world = World(handler=busy)
    world.push()
    await world.live(3600)
    assert [attempt for _, attempt in world.handled] == [1] * 30
    assert world.dead.entries == {} and world.failures == []
    assert world.queue.entries == {} and len(world.scored()) == 1


async def test_retryable_is_given_up_after_six_hours() -> None:
    async def busy(event: Event, context: Context) -> Emitted:
        raise Retryable("come again", delay_s=900)

    world = World(handler=busy)
    world.push()
    await world.live(7 * 3600)
    assert world.failures == ["still failing after 6 hours: Retryable: come again"]
    assert len(world.dead.entries) == 1 and world.queue.entries == {}


async def test_throttling_pauses_every_handler_of_the_process() -> None:
    starts: list[float] = []

    async def throttled(event: Event, context: Context) -> Emitted:
        starts.append(world.clock.now())
        if len(starts) == 1:
            raise Throttled("slow down", delay_s=50)
        return []

    world = World(handler=throttled, concurrency=1)
    for n in range(3):
        world.push(id=f"event-{n}")
    await world.live(300)
    assert len(starts) == 4
    assert all(start >= starts[0] + 50 for start in starts[1:])


async def test_an_undecodable_message_dies_alone() -> None:
    world = World()
    world.queue.put("not json")
    world.push()
    await world.live(5)
    (entry,) = world.dead.entries.values()
    assert entry.message.body == "not json"
    assert "not JSON" in entry.message.attributes[REASON].value
    assert len(world.handled) == 1 and world.queue.entries == {}


async def test_an_event_of_another_worker_is_poison() -> None:
    world = World()
    world.push(RunScored(run="r1", status="completed"))
    await world.live(5)
    (entry,) = world.dead.entries.values()
    assert "groundtune.run.scored.v1 are not for inference" in entry.message.attributes[REASON].value


async def test_the_same_id_with_other_content_is_poison_and_leaves_the_first_as_it_is() -> None:
    world = World()
    world.push()
    await world.live(5)
    world.push(EVENT.model_copy(update={"model": "other"}))
    await world.live(5)
    (entry,) = world.dead.entries.values()
    assert entry.message.attributes[ERROR].value == "Conflict"
    assert await world.status() == "completed" and world.failures == []


async def test_a_lost_lease_cancels_the_handler_and_forbids_publishing() -> None:
    cancelled: list[bool] = []

    async def slow(event: Event, context: Context) -> Emitted:
        try:
            await world.clock.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise
        return await one_shard(event, context)

    world = World(handler=slow)
    message = world.push()
    work = asyncio.ensure_future(world.consumer().run(stop := asyncio.Event()))
    await world.clock.advance(5)
    # somebody else takes message and record, as after a long halt of this process
    world.queue.entries[message].visible_at = world.clock.now()
    (taken,) = await world.queue.receive(1, 0, 600)
    await world.table.update("event#inference#event-1", "claim", {"owner": "somebody else"})
    await world.clock.advance(50)
    assert cancelled == [True]
    assert world.scored() == [] and taken.id in world.queue.entries
    stop.set()
    await world.clock.run(work)
    assert world.queue.in_flight == 1  # still the other's, neither deleted nor given back


async def test_completion_is_refused_to_a_former_owner_that_did_not_notice() -> None:
    async def robbed(event: Event, context: Context) -> Emitted:
        if len(world.handled) == 1:
            await world.table.update("event#inference#event-1", "claim", {"owner": "somebody else", "lease_until": 0})
        return await one_shard(event, context)

    world = World(handler=robbed)
    world.push()
    await world.live(5)
    assert world.scored() == [] and len(world.queue.entries) == 1
    await world.live(120)
    assert len(world.scored()) == 1 and world.queue.entries == {}


async def test_draining_finishes_what_runs_and_leaves_nothing_in_flight() -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(15)
        return await one_shard(event, context)

    world = World(handler=slow)
    for n in range(20):
        world.push(id=f"event-{n}")
    await world.live(1)
    assert len(world.handled) == world.topic.concurrency_max
    assert world.queue.in_flight == 0 and world.queue.visible == 20 - world.topic.concurrency_max


async def test_what_outlives_the_grace_is_stopped_and_given_back_without_using_up_an_attempt() -> None:
    async def endless(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(10_000)
        return []

    world = World(handler=endless)
    world.push()
    await world.live(1)
    assert world.queue.visible == 1
    assert (await world.store.claim("event-1", "inference", "", "x", 1)) is not None
    record = await world.table.get("event#inference#event-1", "claim")
    assert record is not None and record["attempts"] == 0 and record["status"] == "released"


async def test_a_message_that_arrives_while_draining_is_given_back() -> None:
    world = World()
    stop = asyncio.Event()
    work = asyncio.ensure_future(world.consumer().run(stop))
    await world.clock.advance(3)
    stop.set()
    await world.clock.advance(0)
    world.push()
    await world.clock.run(work)
    assert world.handled == [] and world.queue.visible == 1


@pytest.mark.parametrize("operation", ["send", "delete", "change_visibility"])
async def test_failed_entries_of_a_batch_are_tried_again(operation: str) -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(40)
        return await one_shard(event, context)

    world = World(handler=slow)
    world.queue.refuse(operation, 2)
    world.queues["scorer"].refuse(operation, 2)
    world.push()
    await world.live(60)
    assert len(world.handled) == 1
    assert len(world.queues["scorer"].entries) == 1 and world.queue.entries == {}


async def test_a_delay_longer_than_sqs_carries_is_kept() -> None:
    async def later(event: Event, context: Context) -> Emitted:
        if len(world.handled) == 1:
            return [Delayed(EVENT.model_copy(update={"arm": "b"}), seconds=3000)]
        seen.append(world.clock.now())
        return []

    seen: list[float] = []
    world = World(handler=later)
    begun = world.clock.now()
    world.push()
    await world.live(4000)
    assert len(seen) == 1 and 3000 <= seen[0] - begun <= 3002
    assert NOT_BEFORE == "groundtune.not-before"


async def test_events_emitted_twice_have_the_same_ids() -> None:
    async def many(event: Event, context: Context) -> Emitted:
        if context.attempt == 1:
            raise ValueError
        return [PredictionsReady(run="r1", arm="a", shard=n) for n in range(25)]

    world = World(handler=many)
    world.push()
    await world.live(100)
    first = world.scored()
    await world.store.forget("event-1", "inference")
    world.push()
    await world.live(100)
    assert len(first) == 25 and world.scored() == first


async def test_too_many_events_for_a_record_are_kept_in_s3_and_published_again() -> None:
    async def many(event: Event, context: Context) -> Emitted:
        return [PredictionsReady(run="r1", arm="a", shard=n) for n in range(150)]

    world = World(handler=many)
    first = world.push()
    world.queue.duplicate(first)
    await world.live(100)
    assert len(world.handled) == 1 and len(world.scored()) == 150
    assert any(key.startswith("idempotency/inference/") for _, key in world.objects.contents)


async def test_a_message_that_could_not_be_deleted_is_deleted_unrun_when_it_comes_again() -> None:
    world = World()
    world.queue.refuse("delete", 1000)
    world.push()
    work = asyncio.ensure_future(world.consumer().run(stop := asyncio.Event()))
    await world.clock.advance(world.topic.visibility_timeout_s - 2)
    world.queue.refuse("delete", 0)
    sent = len(world.queues["scorer"].entries)
    await world.clock.advance(60)
    assert world.queue.entries == {} and len(world.handled) == 1
    assert len(world.queues["scorer"].entries) == sent == 1
    stop.set()
    await world.clock.run(work)


async def test_another_process_deletes_unrun_what_this_one_could_not() -> None:
    world = World()
    world.queue.refuse("delete", 1000)
    world.push()
    await world.live(2 * world.topic.visibility_timeout_s)
    world.queue.refuse("delete", 0)
    sent = len(world.queues["scorer"].entries)
    await world.live(60)
    assert world.queue.entries == {} and len(world.handled) == 1
    assert len(world.queues["scorer"].entries) == sent


async def test_a_message_received_again_while_it_is_worked_on_is_handled_once() -> None:
    async def slow(event: Event, context: Context) -> Emitted:
        await world.clock.sleep(50)
        return await one_shard(event, context)

    world = World(handler=slow)
    message = world.push()
    work = asyncio.ensure_future(world.consumer().run(stop := asyncio.Event()))
    await world.clock.advance(5)
    world.queue.expose(message)
    await world.clock.advance(60)
    assert world.handled == [("event-1", 1)] and world.queue.entries == {}
    assert world.queue.calls["delete"] == 1
    stop.set()
    await world.clock.run(work)
