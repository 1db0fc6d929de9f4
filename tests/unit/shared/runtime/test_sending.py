from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import CloudError, NotProvisioned, Retryable, Throttled
from shared.runtime.backoff import Backoff
from shared.runtime.billing import MAX_BYTES
from shared.runtime.message import Attribute, Outgoing
from shared.runtime.sending import TRIES, batches, send_all
from shared.testing import FakeClock, FakeQueue


@given(st.lists(st.integers(1, 400_000), max_size=40))
def test_batches_keep_order_and_stay_within_the_limits(sizes: list[int]) -> None:
    messages = [Outgoing("x" * size) for size in sizes]
    cut = list(batches(messages))
    assert [message for batch in cut for message in batch] == messages
    assert all(1 <= len(batch) <= 10 and sum(m.size for m in batch) <= MAX_BYTES for batch in cut)


def test_attributes_count_towards_the_size() -> None:
    assert Outgoing("한글", {"ab": Attribute("xyz", "String")}).size == 6 + 2 + 6 + 3


async def test_only_what_failed_is_sent_again() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    queue.refuse("send", 4)
    await clock.run(send_all(queue, [Outgoing(str(n)) for n in range(25)], clock, Backoff(lambda: 0.5)))
    assert sorted(queue.bodies, key=int) == [str(n) for n in range(25)]
    assert queue.calls["send"] == 4


async def test_what_is_refused_for_good_is_an_error_naming_the_queue() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    queue.refuse("send", 100)
    with pytest.raises(Retryable, match="queue q refused 1 messages"):
        await clock.run(send_all(queue, [Outgoing("x")], clock, Backoff(lambda: 0.5)))


async def test_a_call_that_fails_as_a_whole_is_made_again_with_the_whole_batch() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    failures = [Retryable("lost"), Retryable("503")]

    def fail(operation: str) -> None:
        if failures:
            raise failures.pop()

    queue.before = fail
    await clock.run(send_all(queue, [Outgoing(str(n)) for n in range(12)], clock, Backoff(lambda: 0.5)))
    assert sorted(queue.bodies, key=int) == [str(n) for n in range(12)]
    assert queue.calls["send"] == 4


async def test_what_the_service_asks_to_wait_is_waited() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)
    failures: list[Exception] = [Throttled("slow down", delay_s=40), Retryable("503")]
    calls: list[float] = []

    def fail(operation: str) -> None:
        calls.append(clock.now())
        if failures:
            raise failures.pop(0)

    queue.before = fail
    await clock.run(send_all(queue, [Outgoing("x")], clock, Backoff(lambda: 0.5)))
    assert [later - earlier for earlier, later in pairwise(calls)] == [40, 2]


async def test_a_call_that_goes_on_failing_ends_as_the_error_that_it_was() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)

    def fail(operation: str) -> None:
        raise Throttled("slow down")

    queue.before = fail
    with pytest.raises(Throttled, match="slow down"):
        await clock.run(send_all(queue, [Outgoing("x")], clock, Backoff(lambda: 0.5)))
    assert queue.calls["send"] == TRIES


async def test_a_queue_that_is_not_there_is_not_asked_again() -> None:
    clock = FakeClock()
    queue = FakeQueue("q", clock)

    def fail(operation: str) -> None:
        raise NotProvisioned("queue q does not exist")

    queue.before = fail
    with pytest.raises(CloudError, match="queue q does not exist"):
        await clock.run(send_all(queue, [Outgoing("x")], clock, Backoff(lambda: 0.5)))
    assert queue.calls["send"] == 1
