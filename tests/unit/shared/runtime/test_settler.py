from __future__ import annotations

import structlog

from shared.runtime.backoff import Backoff
from shared.runtime.lease import Lease
from shared.runtime.message import Message
from shared.runtime.settler import Settler
from shared.testing import FakeClock, FakeQueue

VISIBILITY_S = 40


class Desk:
    """A settler over a fake queue; ``upstream`` says whether more messages are in hand."""

    def __init__(self, *, max_receive_count: int = 100) -> None:
        self.clock = FakeClock()
        self.queue = FakeQueue("q", self.clock)
        self.upstream = True
        self.undeleted: list[str] = []
        self.settled: list[tuple[str, float]] = []
        self.settler = Settler(
            self.queue, self.clock, Backoff(lambda: 0.5), max_receive_count, structlog.get_logger(),
            upstream=lambda: self.upstream, undeleted=lambda lease: self.undeleted.append(lease.message.id),
            settled=lambda way, margin_s: self.settled.append((way, round(margin_s))),
        )  # fmt: skip

    async def received(self, count: int) -> list[Lease]:
        for number in range(count):
            self.queue.put(str(number))
        messages: list[Message] = await self.clock.run(self.queue.receive(10, 0, VISIBILITY_S))
        return [Lease(message, VISIBILITY_S, message.deadline) for message in messages]


async def test_deletes_wait_for_a_full_batch_while_messages_are_in_hand() -> None:
    desk = Desk()
    for lease in await desk.received(10):
        desk.settler.delete(lease)
        await desk.clock.advance(0.1)
    assert desk.queue.calls["delete"] == 1 and desk.queue.entries == {}


async def test_a_delete_goes_at_once_when_nothing_else_is_in_hand() -> None:
    desk = Desk()
    desk.upstream = False
    (lease,) = await desk.received(1)
    desk.settler.delete(lease)
    await desk.clock.advance(0)
    assert desk.queue.entries == {}


async def test_a_delete_never_waits_beyond_a_quarter_of_its_lease() -> None:
    desk = Desk()
    (lease,) = await desk.received(1)
    lease.deadline = desk.clock.now() + 8
    desk.settler.delete(lease)
    await desk.clock.advance(1.9)
    assert desk.queue.entries != {}
    await desk.clock.advance(0.4)
    assert desk.queue.entries == {}


async def test_a_refused_delete_is_repeated_until_the_lease_ends_and_then_marked() -> None:
    desk = Desk()
    (lease,) = await desk.received(1)
    desk.queue.refuse("delete", 3)
    desk.settler.delete(lease)
    await desk.clock.advance(30)
    assert desk.queue.entries == {} and desk.undeleted == []

    (lease,) = await desk.received(1)
    desk.queue.refuse("delete", 1000)
    desk.settler.delete(lease)
    await desk.clock.advance(2 * VISIBILITY_S)
    assert desk.undeleted == [lease.message.id] and desk.settler.idle


async def test_what_is_given_back_is_visible_again_and_goes_together() -> None:
    desk = Desk()
    for lease in await desk.received(10):
        desk.settler.give_back(lease, 0)
    await desk.clock.advance(0.1)
    assert desk.queue.visible == 10 and desk.queue.calls["change_visibility"] == 1
    assert desk.settled == [("given_back", VISIBILITY_S)] * 10


async def test_a_message_near_its_last_receive_is_sent_anew() -> None:
    desk = Desk(max_receive_count=2)
    (lease,) = await desk.received(1)
    desk.settler.give_back(lease, 0)
    await desk.clock.advance(6)
    (entry,) = desk.queue.entries.values()
    assert entry.receives == 0 and entry.message.body == "0"


async def test_closing_sends_what_lingers() -> None:
    desk = Desk()
    (lease,) = await desk.received(1)
    desk.settler.delete(lease)
    await desk.clock.run(desk.settler.close(5))
    assert desk.queue.entries == {}


async def test_closing_ends_though_nothing_can_be_settled() -> None:
    desk = Desk()
    (lease,) = await desk.received(1)
    desk.queue.refuse("delete", 1000)
    desk.settler.delete(lease)
    begun = desk.clock.now()
    await desk.clock.run(desk.settler.close(5))
    assert desk.clock.now() - begun < 6
