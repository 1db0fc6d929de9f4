"""Sending for sure: batches within SQS's limits, what failed again, and an error when some never arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from shared.clock import Clock
from shared.errors import Retryable
from shared.runtime.backoff import Backoff
from shared.runtime.billing import cut
from shared.runtime.message import Outgoing
from shared.runtime.queue import QueueClient

TRIES = 5


def batches(messages: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """The messages in order, at most ten and 1 MiB together, cut where that bills least."""
    start = 0
    for length in cut([message.size for message in messages]):
        yield list(messages[start : start + length])
        start += length


async def send_all(queue: QueueClient, messages: Sequence[Outgoing], clock: Clock, backoff: Backoff) -> None:
    """Returns when the queue has confirmed every message.

    Raises Retryable, or Throttled, when some are not confirmed after some tries, and a CloudError at once; some
    messages may be sent then, and one whose confirmation was lost is sent twice.
    """
    for batch in batches(messages):
        await _send(queue, batch, clock, backoff)


async def _send(queue: QueueClient, batch: list[Outgoing], clock: Clock, backoff: Backoff) -> None:
    for attempt in count(1):
        batch, failure = await _tried(queue, batch)
        if failure is None:
            return
        if attempt == TRIES:
            raise failure
        await clock.sleep(backoff.delay_s(attempt) if failure.delay_s is None else failure.delay_s)


async def _tried(queue: QueueClient, batch: list[Outgoing]) -> tuple[list[Outgoing], Retryable | None]:
    """What one try left unconfirmed, and why."""
    try:
        outcomes = await queue.send(batch)
    except Retryable as error:
        return batch, error
    refused = [outcome for outcome in outcomes if outcome is not None]
    if not refused:
        return [], None
    left = [message for message, outcome in zip(batch, outcomes, strict=True) if outcome is not None]
    said = f"queue {queue.name} refused {len(left)} messages ({refused[0].code}: {refused[0].message})"
    return left, Retryable(said)
