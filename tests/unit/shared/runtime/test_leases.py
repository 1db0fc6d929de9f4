from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
import structlog

from shared.errors import LeaseLost, Retryable
from shared.runtime.lease import Interrupted, Lease
from shared.runtime.leases import LeaseTable, Renewals
from shared.runtime.message import Message
from shared.runtime.queue import MAX_VISIBILITY_S
from shared.store.idempotency import Busy, IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.testing import FakeClock, FakeQueue, MemoryObjectStore, MemoryTable

VISIBILITY_S = 30


class Hands:
    """A lease table over a fake queue and a memory table."""

    def __init__(self, visibility_s: int = VISIBILITY_S) -> None:
        self.visibility_s = visibility_s
        self.clock = FakeClock()
        self.queue = FakeQueue("q", self.clock)
        self.store = IdempotencyStore(MemoryTable(), EventArchive(MemoryObjectStore()), self.clock.now)
        self.lost: list[str] = []
        self.margins: list[float] = []
        self.table = LeaseTable(
            "w", self.clock, visibility_s, structlog.get_logger(), jitter=lambda: 0.5, lost=self.lost.append,
            margin=self.margins.append,
        )  # fmt: skip

    async def receive(self, count: int = 1) -> list[Message]:
        for _ in range(count):
            self.queue.put("body")
        received: list[Message] = await self.clock.run(self.queue.receive(count, 0, self.visibility_s))
        return received

    async def lease(self) -> Lease:
        (lease,) = self.table.add(await self.receive())
        return lease

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.table.run(Renewals(self.queue, self.store)))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def sleeping(clock: FakeClock, seconds: float) -> str:
    await clock.sleep(seconds)
    return "done"


async def test_a_lease_is_renewed_at_half_time_for_as_long_as_it_is_held() -> None:
    hands = Hands()
    async with hands.beating():
        lease = await hands.lease()
        await hands.clock.advance(1000)
        assert hands.queue.in_flight == 1 and not lease.lost
        renewals = hands.queue.calls["change_visibility"]
        assert 1000 / VISIBILITY_S < renewals <= 1000 / (0.38 * VISIBILITY_S)
        assert min(hands.margins) > 0.4 * VISIBILITY_S


async def test_messages_received_together_are_renewed_together() -> None:
    hands = Hands()
    async with hands.beating():
        hands.table.add(await hands.receive(10))
        await hands.clock.advance(3)
        hands.table.add(await hands.receive(1))
        await hands.clock.advance(VISIBILITY_S)
    assert hands.queue.calls["change_visibility"] <= 4


async def test_a_failing_renewal_is_tried_again_while_time_is_left() -> None:
    hands = Hands()
    async with hands.beating():
        lease = await hands.lease()
        hands.queue.refuse("change_visibility", 4)
        await hands.clock.advance(100)
        assert not lease.lost and hands.queue.in_flight == 1


async def test_a_call_that_fails_as_a_whole_ends_no_heartbeat() -> None:
    hands, failures = Hands(), [Retryable("5xx"), OSError("no line")]

    def failing(operation: str) -> None:
        if operation == "change_visibility" and failures:
            raise failures.pop()

    hands.queue.before = failing
    async with hands.beating():
        lease = await hands.lease()
        await hands.clock.advance(100)
        assert not lease.lost and failures == []


async def test_a_message_that_was_deleted_elsewhere_is_lost_and_its_handler_stops() -> None:
    hands = Hands()
    async with hands.beating():
        lease = await hands.lease()
        work = asyncio.create_task(lease.run(sleeping(hands.clock, 1000)))
        await hands.clock.advance(1)
        hands.queue.entries.clear()
        await hands.clock.advance(VISIBILITY_S)
        with pytest.raises(LeaseLost):
            await work
    assert hands.lost == ["MessageNotInflight"]
    with pytest.raises(LeaseLost):
        lease.check()


async def test_a_record_that_another_has_taken_costs_the_lease() -> None:
    hands = Hands()
    async with hands.beating():
        lease = await hands.lease()
        await hands.store.claim("e", "w", "hash", "me", 1)
        lease.claim = ("e", "me")
        await hands.clock.advance(2)
        await hands.store.claim("e", "w", "hash", "other", 1000)
        await hands.clock.advance(VISIBILITY_S)
        assert lease.lost and hands.lost == ["RecordTaken"]


async def test_a_message_received_again_keeps_its_handler_and_gets_the_new_receipt() -> None:
    hands = Hands()
    async with hands.beating():
        lease = await hands.lease()
        old = lease.message.receipt
        hands.queue.expose(lease.message.id)
        again = await hands.clock.run(hands.queue.receive(1, 0, VISIBILITY_S))
        assert hands.table.add(again) == []
        assert lease.message.receipt == again[0].receipt != old
        await hands.clock.advance(200)
        assert not lease.lost and hands.queue.in_flight == 1


async def test_a_lost_lease_makes_way_for_a_new_one_of_the_same_message() -> None:
    hands = Hands()
    old = await hands.lease()
    old.lost = True
    hands.queue.expose(old.message.id)
    (new,) = hands.table.add(await hands.clock.run(hands.queue.receive(1, 0, VISIBILITY_S)))
    hands.table.forget(old)
    assert len(hands.table) == 1
    hands.table.forget(new)
    assert len(hands.table) == 0


async def test_no_renewal_goes_beyond_twelve_hours_and_then_the_lease_is_lost() -> None:
    hands = Hands(visibility_s=3600)
    async with hands.beating():
        lease = await hands.lease()
        begun = hands.clock.now()
        await hands.clock.advance(MAX_VISIBILITY_S - 60)
        assert not lease.lost
        await hands.clock.advance(120)
        assert lease.lost and hands.lost == ["TwelveHours"]
        assert lease.deadline <= begun + MAX_VISIBILITY_S


class Slow:
    """A queue whose answers to renewals come when the gate opens; the first ``hanging`` of them never."""

    name = "slow"

    def __init__(self, hanging: int = 0) -> None:
        self.gate = asyncio.Event()
        self.hanging = hanging
        self.asked: list[list[str]] = []

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> list[None]:
        self.asked.append([receipt for receipt, _ in changes])
        await (asyncio.Event() if len(self.asked) <= self.hanging else self.gate).wait()
        return [None] * len(changes)


@asynccontextmanager
async def renewing_at(hands: Hands, queue: Slow) -> AsyncIterator[None]:
    task = asyncio.create_task(hands.table.run(Renewals(queue, hands.store)))  # type: ignore[arg-type]
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_giving_back_waits_for_the_renewal_under_way() -> None:
    hands, queue = Hands(), Slow()
    (lease,) = hands.table.add(await hands.receive())
    async with renewing_at(hands, queue):
        await hands.clock.advance(VISIBILITY_S / 2)
        assert queue.asked == [[lease.message.receipt]]
        removing = asyncio.create_task(hands.table.remove(lease))
        await hands.clock.advance(0)
        assert not removing.done()
        queue.gate.set()
        await hands.clock.run(removing)


async def test_a_renewal_that_hangs_holds_up_no_other_lease_and_not_the_record_of_its_own() -> None:
    hands, queue = Hands(), Slow(hanging=1)
    queue.gate.set()
    (hung,) = hands.table.add(await hands.receive())
    await hands.store.claim("e", "w", "hash", "me", VISIBILITY_S)
    hung.claim = ("e", "me")
    async with renewing_at(hands, queue):
        await hands.clock.advance(VISIBILITY_S / 2)
        (other,) = hands.table.add(await hands.receive())
        await hands.clock.advance(VISIBILITY_S * 0.9)
        assert queue.asked[0] == [hung.message.receipt] and [other.message.receipt] in queue.asked[1:]
        assert other.deadline > hands.clock.now() and not other.lost
        busy = await hands.store.claim("e", "w", "hash", "another", VISIBILITY_S)
        assert isinstance(busy, Busy)


async def test_a_renewal_that_ends_late_is_followed_by_the_next_at_once() -> None:
    hands, queue = Hands(), Slow()
    hands.table.add(await hands.receive())
    async with renewing_at(hands, queue):
        await hands.clock.advance(VISIBILITY_S * 1.2)
        assert len(queue.asked) == 1
        queue.gate.set()
        await hands.clock.advance(0.1)
        assert len(queue.asked) == 2


async def test_an_interrupted_handler_says_so_and_a_finished_one_keeps_its_result() -> None:
    hands = Hands()
    lease = await hands.lease()
    work = asyncio.create_task(lease.run(sleeping(hands.clock, 5)))
    await hands.clock.advance(1)
    hands.table.interrupt_all()
    with pytest.raises(Interrupted):
        await work
    with pytest.raises(Interrupted):
        await lease.run(sleeping(hands.clock, 5))

    done = await hands.lease()
    assert await hands.clock.run(done.run(sleeping(hands.clock, 1))) == "done"


async def test_cancelling_from_outside_stays_a_cancellation() -> None:
    hands = Hands()
    lease = await hands.lease()
    work = asyncio.create_task(lease.run(sleeping(hands.clock, 5)))
    await hands.clock.advance(1)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
