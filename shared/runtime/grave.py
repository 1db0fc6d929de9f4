"""A dead-letter queue looked into: its messages are held for a while, and what is still there goes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from schemas.event import Event
from shared.clock import Clock
from shared.errors import Poison, Retryable
from shared.runtime.backoff import Backoff
from shared.runtime.claimcheck import checked_out
from shared.runtime.deadletter import EVENT, REASON, SWEPT
from shared.runtime.decode import Decoded, decode
from shared.runtime.message import MAX_ATTRIBUTES, Attribute, Message, Outgoing
from shared.runtime.queue import BATCH, QueueClient
from shared.runtime.sending import send_all
from shared.settings import Settings
from shared.store.ports import ObjectStore

WAIT_S = 1
"""A short long poll asks every server; a plain one may find nothing in a queue that holds messages."""
SWEEP_HOLD_S = 60
"""A sweep's look takes seconds; then whoever died looking has given the messages back."""
SWEEP_LOOK = 100
"""Messages of one queue that one sweep looks at; the next sweep looks again."""


@asynccontextmanager
async def opened(queue: QueueClient, limit: int, hold_s: int) -> AsyncIterator[list[Message]]:
    """Up to ``limit`` messages, invisible to others meanwhile. What is deleted in between is refused, rightly."""
    messages: list[Message] = []
    try:
        while len(messages) < limit:
            found = await queue.receive(min(BATCH, limit - len(messages)), WAIT_S, hold_s)
            if not found:
                break
            messages += found
        yield messages
    finally:
        for start in range(0, len(messages), BATCH):
            # else they come back by themselves, after hold_s
            with suppress(Retryable):
                await queue.change_visibility([(one.receipt, 0) for one in messages[start : start + BATCH]])


class QueueGraveyards:
    """Dead-letter queues on SQS. ``open`` finds a queue by its full name."""

    def __init__(
        self, open: Callable[[str], Awaitable[QueueClient]], settings: Settings, objects: ObjectStore, clock: Clock,
        backoff: Backoff,
    ) -> None:  # fmt: skip
        self._open = open
        self._settings = settings
        self._objects = objects
        self._clock = clock
        self._backoff = backoff

    async def send_back_crashed(self, worker: str, wanted: Callable[[Event], bool]) -> list[Event]:
        dead = await self._open(self._settings.dead_letter_queue(worker))
        sent: list[Event] = []
        async with opened(dead, SWEEP_LOOK, SWEEP_HOLD_S) as messages:
            for message in messages:
                events = await self._crashed(message)
                if any(wanted(event) for event in events):
                    await self._send_back(worker, dead, message)
                    sent += events
        return sent

    async def _crashed(self, message: Message) -> list[Event]:
        """The events of a message that SQS moved; none of one that a worker buried or a sweep sent back before."""
        if any(name in message.attributes for name in (REASON, EVENT, SWEPT)):
            return []
        try:
            items = decode(await checked_out(message, self._objects))
        except Poison:
            return []
        return [item.event for item in items if isinstance(item, Decoded)]

    async def _send_back(self, worker: str, dead: QueueClient, message: Message) -> None:
        """Sent before it is deleted: a crash in between makes a duplicate, never a loss."""
        kept = dict(list(message.attributes.items())[: MAX_ATTRIBUTES - 1])
        source = await self._open(self._settings.queue(worker))
        copy = Outgoing(message.body, {**kept, SWEPT: Attribute("1", "Number")}, group=message.group)
        await send_all(source, [copy], self._clock, self._backoff)
        await dead.delete([message.receipt])
