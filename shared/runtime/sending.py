"""Sending for sure: batches within SQS's limits, failed entries again, and an error when some never arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.clock import Clock
from shared.errors import Retryable
from shared.runtime.backoff import Backoff
from shared.runtime.message import Outgoing
from shared.runtime.queue import BATCH, QueueClient, Refused

MAX_BYTES = 1_048_576
"""Of a batch in all (SQS developer guide, quotas, since August 2025)."""
TRIES = 5


def batches(messages: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """The messages in order, at most ten and 1 MiB together."""
    batch: list[Outgoing] = []
    size = 0
    for message in messages:
        if batch and (len(batch) == BATCH or size + message.size > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += message.size
    if batch:
        yield batch


async def send_all(queue: QueueClient, messages: Sequence[Outgoing], clock: Clock, backoff: Backoff) -> None:
    """Returns when the queue has confirmed every message. Raises Retryable otherwise; some may be sent."""
    for batch in batches(messages):
        await _send(queue, batch, clock, backoff)


async def _send(queue: QueueClient, batch: list[Outgoing], clock: Clock, backoff: Backoff) -> None:
    refused: Refused | None = None
    for attempt in range(1, TRIES + 1):
        outcomes = await queue.send(batch)
        batch = [message for message, outcome in zip(batch, outcomes, strict=True) if outcome is not None]
        refused = next((outcome for outcome in outcomes if outcome is not None), None)
        if refused is None:
            return
        if attempt < TRIES:
            await clock.sleep(backoff.delay_s(attempt))
    assert refused is not None
    raise Retryable(f"queue {queue.name} refused {len(batch)} messages ({refused.code}: {refused.message})")
