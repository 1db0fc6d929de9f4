from __future__ import annotations

import pytest

from cli.dead_letters import DeadLetter, delete
from shared.errors import CloudError, Retryable
from shared.testing import FakeClock, FakeQueue


async def held(queue: FakeQueue) -> DeadLetter:
    queue.put("body")
    (message,) = await queue.receive(1, 0, 30)
    return DeadLetter(
        worker="scorer", id="e1", type="?", run="", reason="", attempts=1, stack_hash=None, body="body", events=(),
        event=None, message=message,
    )  # fmt: skip


async def test_a_letter_that_was_sent_back_leaves_its_dead_letter_queue() -> None:
    queue = FakeQueue("dead", FakeClock())
    await delete(queue, await held(queue))
    assert queue.bodies == []


@pytest.mark.parametrize("whole", [True, False])
async def test_one_that_stays_is_named_with_the_remedy(whole: bool) -> None:
    queue = FakeQueue("dead", FakeClock())
    letter = await held(queue)

    def fail(operation: str) -> None:
        raise Retryable("503")

    if whole:
        queue.before = fail
    else:
        queue.refuse("delete")
    with pytest.raises(CloudError, match="e1 was sent back, but stays in dead too"):
        await delete(queue, letter)
