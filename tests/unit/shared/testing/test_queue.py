from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from shared.errors import Retryable, Throttled
from shared.runtime.message import Outgoing
from shared.testing import FakeClock, FakeQueue


async def test_a_received_message_is_hidden_for_its_visibility_timeout() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    queue.put("x")
    (first,) = await queue.receive(10, 0, 30)
    assert await queue.receive(10, 0, 30) == []
    await clock.advance(30)
    (second,) = await queue.receive(10, 0, 30)
    assert (first.receive_count, second.receive_count) == (1, 2)
    assert first.receipt != second.receipt


async def test_a_stale_receipt_settles_nothing() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    queue.put("x")
    (first,) = await queue.receive(10, 0, 30)
    await clock.advance(30)
    await queue.receive(10, 0, 30)
    assert await queue.delete([first.receipt]) == [None]
    (refused,) = await queue.change_visibility([(first.receipt, 0)])
    assert refused is not None and refused.permanent and len(queue.entries) == 1


async def test_a_long_poll_wakes_when_a_message_is_sent_or_comes_due() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    await queue.send([Outgoing("late", delay_s=5)])
    began = clock.now()
    (message,) = await clock.run(queue.receive(10, 20, 30))
    assert message.body == "late" and clock.now() - began == 5
    poll = asyncio.ensure_future(queue.receive(10, 20, 30))
    await clock.advance(2)
    queue.put("now")
    await clock.advance(0)
    assert poll.done() and poll.result()[0].body == "now"


async def test_visibility_ends_twelve_hours_after_the_receive() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    queue.put("x")
    (message,) = await queue.receive(1, 0, 43_000)
    await clock.advance(300)
    (refused,) = await queue.change_visibility([(message.receipt, 43_000)])
    assert refused is not None and refused.permanent


async def test_a_message_received_too_often_moves_to_the_dead_letters() -> None:
    clock = FakeClock()
    dead = FakeQueue("dead", clock)
    queue = FakeQueue("q", clock, max_receive_count=2, dead_letters=dead)
    queue.put("x")
    for _ in range(3):
        await queue.receive(1, 0, 10)
        await clock.advance(10)
    assert queue.entries == {} and dead.bodies == ["x"]


async def test_of_two_receives_that_wait_only_one_gets_the_message() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)

    async def both() -> list[int]:
        return [len(got) for got in await asyncio.gather(queue.receive(10, 20, 30), queue.receive(10, 20, 30))]

    waiting = asyncio.ensure_future(clock.run(both()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    queue.put("x")
    assert sorted(await waiting) == [0, 1]


async def test_a_message_keeps_its_group_and_when_it_was_sent_through_every_receive_and_to_the_dead_letters() -> None:
    clock = FakeClock()
    dead = FakeQueue("dead", clock)
    queue = FakeQueue("q", clock, max_receive_count=2, dead_letters=dead)
    sent_at = clock.now()
    await queue.send([Outgoing("x", group="corpus-a", delay_s=5)])
    for _ in range(2):
        await clock.advance(30)
        (message,) = await queue.receive(1, 0, 30)
        assert (message.group, message.sent_at) == ("corpus-a", sent_at)
    await clock.advance(30)
    assert await queue.receive(1, 0, 30) == []
    (message,) = await dead.receive(1, 0, 30)
    assert (message.group, message.sent_at) == ("corpus-a", sent_at)


async def test_a_lost_answer_leaves_what_the_call_did() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    queue.lose("send")
    with pytest.raises(Retryable):
        await queue.send([Outgoing("x")])
    assert queue.bodies == ["x"]
    queue.lose("receive")
    with pytest.raises(Retryable):
        await queue.receive(10, 0, 30)
    assert await queue.receive(10, 0, 30) == []
    await clock.advance(30)
    (message,) = await queue.receive(10, 0, 30)
    assert message.receive_count == 2
    queue.lose("delete", answers=2)
    for _ in range(2):
        with pytest.raises(Retryable):
            await queue.delete([message.receipt])
    assert queue.entries == {} and await queue.delete([message.receipt]) == [None]


async def test_answers_arrive_again_when_told_to() -> None:
    queue = FakeQueue("q", FakeClock())
    queue.lose("send", answers=5)
    queue.lose("send", answers=0)
    assert await queue.send([Outgoing("x")]) == [None]


async def test_a_short_poll_beyond_what_may_be_in_flight_is_throttled() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock, max_in_flight=2)
    for body in "abc":
        queue.put(body)
    first, second = await queue.receive(10, 0, 30)
    with pytest.raises(Throttled, match="OverLimit"):
        await queue.receive(10, 0, 30)
    await queue.delete([first.receipt])
    (third,) = await queue.receive(10, 0, 30)
    assert (second.body, third.body, queue.calls["OverLimit"]) == ("b", "c", 2)


async def test_a_long_poll_beyond_what_may_be_in_flight_waits_without_an_error() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock, max_in_flight=1)
    queue.put("a")
    queue.put("b")
    (held,) = await queue.receive(1, 0, 300)
    assert await clock.run(queue.receive(1, 20, 30)) == []
    poll = asyncio.ensure_future(queue.receive(1, 20, 30))
    await clock.advance(5)
    await queue.delete([held.receipt])
    await clock.advance(0)
    assert poll.done() and [message.body for message in poll.result()] == ["b"]


async def test_an_empty_queue_is_not_over_its_limit() -> None:
    queue = FakeQueue("q", FakeClock(), max_in_flight=1)
    queue.put("a")
    await queue.receive(1, 0, 300)
    assert await queue.receive(1, 0, 300) == []


async def test_no_receive_holds_a_message_longer_than_twelve_hours() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    queue.put("x")
    (message,) = await queue.receive(1, 0, 43_200)
    for _ in range(3):
        await clock.advance(14_000)
        left = int(message.deadline - clock.now())
        outcomes = await queue.change_visibility([(message.receipt, left), (message.receipt, left + 1)])
        assert outcomes[0] is None and outcomes[1] is not None and outcomes[1].permanent
    await clock.advance(1_200)
    (again,) = await queue.receive(1, 0, 43_200)
    assert again.receive_count == 2


async def test_the_example_of_testing_md_passes() -> None:
    text = (Path(__file__).parents[4] / "docs" / "testing.md").read_text(encoding="utf-8")
    (example,) = [code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "FakeQueue" in code]
    namespace: dict[str, Any] = {}
    exec(compile(example, "testing.md", "exec"), namespace)
    await namespace["test_a_queue_that_misbehaves"]()
