"""Sends of all deliveries to one queue, ten at a time: each caller waits until its own messages are confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from shared.clock import Clock
from shared.errors import Retryable
from shared.observe.tracing import TRACEPARENT, sending
from shared.runtime.backoff import Backoff
from shared.runtime.batcher import Batcher
from shared.runtime.billing import UNIT_BYTES
from shared.runtime.message import Outgoing
from shared.runtime.queue import Outcomes, QueueClient, Refused
from shared.runtime.sending import TRIES

LINGER_S = 0.25
"""What a message waits for others while handlers run that may send some, at most."""
WORTH = 2
"""Others that must be expected in this time, by how they came lately: else waiting costs time and saves nothing."""
SMOOTHING = 0.2
"""Weight of the latest gap between two senders in the mean."""


@dataclass
class _Parcel:
    """What one caller sends."""

    left: int
    confirmed: asyncio.Future[None]


class Sender:
    """``upstream`` says whether anything is under way that may send more."""

    def __init__(self, queue: QueueClient, clock: Clock, backoff: Backoff, upstream: Callable[[], bool]) -> None:
        self._queue = queue
        self._clock = clock
        self._backoff = backoff
        self._batcher: Batcher[Outgoing] = Batcher(
            self._call, clock, upstream, weight=lambda message: message.size, limit=UNIT_BYTES
        )
        self._retries: set[asyncio.Task[None]] = set()
        self._gap_s = LINGER_S
        self._last_at = 0.0

    async def send(self, messages: Sequence[Outgoing]) -> None:
        """Returns when the queue has confirmed every message. Raises Retryable otherwise; some may be sent."""
        if not messages:
            return
        parcel = _Parcel(len(messages), asyncio.get_running_loop().create_future())
        self._note_gap()
        for message in messages:
            self._add(message, parcel, 1)
        await parcel.confirmed

    def _note_gap(self) -> None:
        now = self._clock.now()
        gap, self._last_at = min(now - self._last_at, LINGER_S), now
        self._gap_s += SMOOTHING * (gap - self._gap_s)

    def settle_down(self) -> None:
        self._batcher.settle_down()

    async def _call(self, messages: Sequence[Outgoing]) -> Outcomes:
        with sending(self._queue.name, [_traceparent(message) for message in messages]):
            return await self._queue.send(messages)

    def _add(self, message: Outgoing, parcel: _Parcel, attempt: int) -> None:
        linger = LINGER_S if self._gap_s * WORTH <= LINGER_S else 0.0
        self._batcher.add(message, partial(self._done, message, parcel, attempt), linger)

    def _done(self, message: Outgoing, parcel: _Parcel, attempt: int, refused: Refused | None) -> None:
        if parcel.confirmed.done():
            return
        if refused is None:
            parcel.left -= 1
            if parcel.left == 0:
                parcel.confirmed.set_result(None)
        elif attempt == TRIES:
            what = f"queue {self._queue.name} refused a message ({refused.code}: {refused.message})"
            parcel.confirmed.set_exception(Retryable(what))
        else:
            retry = asyncio.create_task(self._again(message, parcel, attempt))
            self._retries.add(retry)
            retry.add_done_callback(self._retries.discard)

    async def _again(self, message: Outgoing, parcel: _Parcel, attempt: int) -> None:
        await self._clock.sleep(self._backoff.delay_s(attempt))
        self._add(message, parcel, attempt + 1)


def _traceparent(message: Outgoing) -> str | None:
    attribute = message.attributes.get(TRACEPARENT)
    return None if attribute is None else attribute.value
