"""Dead letters, read without taking them away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from schemas.event import Event
from shared.errors import CloudError, Poison, Retryable
from shared.runtime.claimcheck import checked_out
from shared.runtime.connection import Connection
from shared.runtime.deadletter import ATTEMPTS, EVENT, REASON, STACK_HASH
from shared.runtime.decode import Decoded, decode
from shared.runtime.grave import opened
from shared.runtime.message import Message
from shared.runtime.queue import QueueClient, Refused
from shared.runtime.sqs import SqsQueue

HOLD_S = 300
"""Messages are ours for so long while we look; then whoever died looking has given them back."""

BY_SQS = "received too often without being handled (moved here by SQS: a crash, or a killed worker)"


@dataclass(frozen=True)
class DeadLetter:
    """One dead message. ``id`` is its event's id, or SQS's own where the body is no event; ``events`` are all ids.

    ``stack_hash`` is the same for all that died of one bug; None for what died of none.
    """

    worker: str
    id: str
    type: str
    run: str
    reason: str
    attempts: int
    stack_hash: str | None
    body: str
    events: tuple[str, ...]
    event: Event | None
    message: Message


@asynccontextmanager
async def held(connection: Connection, workers: Sequence[str], limit: int) -> AsyncIterator[list[DeadLetter]]:
    """Up to ``limit`` dead letters of each worker, invisible to others meanwhile. What is still there goes back."""
    queues = [await graveyard(connection, worker) for worker in workers]
    async with AsyncExitStack() as stack:
        looks = (stack.enter_async_context(opened(queue, limit, HOLD_S)) for queue in queues)
        found = await asyncio.gather(*looks)
        held = zip(workers, found, strict=True)
        yield [await _read(connection, worker, message) for worker, messages in held for message in messages]


async def delete(queue: QueueClient, letter: DeadLetter) -> None:
    """Takes a letter that was sent back out of its dead-letter queue."""
    try:
        (refused,) = await queue.delete([letter.message.receipt])
    except Retryable as error:
        refused = Refused("Failed", str(error), permanent=False)
    if refused is not None:
        said = f"{letter.id} was sent back, but stays in {queue.name} too ({refused.message})"
        raise CloudError(f"{said}; delete it there, or leave it: handling it twice is harmless")


async def graveyard(connection: Connection, worker: str) -> SqsQueue:
    """The dead-letter queue of a worker."""
    return await connection.queue(connection.settings.dead_letter_queue(worker))


async def _read(connection: Connection, worker: str, message: Message) -> DeadLetter:
    body, items = message.body, []
    try:
        body = await checked_out(message, connection.objects)
        items = decode(body)
    except Poison:
        pass  # its reason for being here; the pointer itself is shown
    decoded = [item for item in items if isinstance(item, Decoded)]
    first = decoded[0] if decoded else None
    attributes = {name: value.value for name, value in message.attributes.items()}
    return DeadLetter(
        worker=worker, id=first.id if first else attributes.get(EVENT, message.id),
        type=first.event.type if first else "?", run=str(getattr(first.event, "run", "")) if first else "",
        reason=attributes.get(REASON, BY_SQS), attempts=int(attributes.get(ATTEMPTS, message.receive_count)),
        stack_hash=attributes.get(STACK_HASH),
        body=body, events=tuple(item.id for item in decoded), event=first.event if first else None, message=message,
    )  # fmt: skip
