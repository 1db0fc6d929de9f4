from __future__ import annotations

import asyncio

import pytest

from shared.errors import Retryable, Unreachable
from shared.runtime.backoff import Backoff
from shared.runtime.message import Outgoing
from shared.runtime.sender import LINGER_S, Sender
from shared.testing import FakeClock, FakeQueue


def sender(*, busy: bool = False) -> tuple[Sender, FakeQueue, FakeClock]:
    clock = FakeClock()
    queue = FakeQueue("next", clock)
    return Sender(queue, clock, Backoff(lambda: 0.5), lambda: busy), queue, clock


async def test_sends_of_several_callers_share_a_request() -> None:
    given, queue, clock = sender(busy=True)
    calls = [asyncio.ensure_future(given.send([Outgoing(str(n))])) for n in range(10)]
    await clock.run(asyncio.gather(*calls))
    assert queue.calls["send"] == 1 and queue.bodies == [str(n) for n in range(10)]


@pytest.mark.parametrize(("busy", "gap_s", "waited_s"), [(True, 0.02, LINGER_S), (False, 0.02, 0.0), (True, 1.0, 0.0)])
async def test_a_message_waits_only_while_others_may_come_and_do_so_often(
    busy: bool, gap_s: float, waited_s: float
) -> None:
    given, queue, clock = sender(busy=busy)
    for number in range(25):
        sending = asyncio.ensure_future(given.send([Outgoing(str(number))]))
        await clock.advance(gap_s)
    await clock.advance(LINGER_S - gap_s)
    while not sending.done():
        await clock.advance(0.01)
    begun, calls = clock.now(), queue.calls["send"]
    await clock.run(given.send([Outgoing("a")]))
    assert clock.now() - begun == pytest.approx(waited_s, abs=0.02)
    assert queue.calls["send"] == calls + 1


async def test_refused_entries_are_sent_again_and_the_others_are_not() -> None:
    given, queue, clock = sender()
    queue.refuse("send", 2)
    await clock.run(given.send([Outgoing(str(n)) for n in range(5)]))
    assert sorted(queue.bodies) == ["0", "1", "2", "3", "4"]


async def test_a_failing_call_is_repeated() -> None:
    given, queue, clock = sender()
    failures = [Unreachable("no line"), Retryable("the answer was lost")]

    def failing(operation: str) -> None:
        if failures:
            raise failures.pop()

    queue.before = failing
    await clock.run(given.send([Outgoing("a")]))
    assert queue.bodies == ["a"]


async def test_what_is_never_confirmed_fails_its_sender_only() -> None:
    given, queue, clock = sender()
    queue.refuse("send", 5)
    first = asyncio.ensure_future(given.send([Outgoing("a")]))
    with pytest.raises(Retryable, match="queue next refused"):
        await clock.run(first)
    await clock.run(given.send([Outgoing("b")]))
    assert queue.bodies == ["b"]


async def test_a_batch_ends_at_the_billing_edge() -> None:
    given, queue, clock = sender(busy=True)
    await clock.run(given.send([Outgoing("x" * 7 * 1024) for _ in range(10)]))
    assert queue.calls["send"] == 2 and len(queue.bodies) == 10


async def test_sending_nothing_asks_nobody() -> None:
    given, queue, clock = sender()
    await clock.run(given.send([]))
    assert queue.calls["send"] == 0
