"""How a delivery ends at the queue: deleted, or given back. Both in batches."""

from __future__ import annotations

from typing import Any

from shared.clock import Clock
from shared.runtime.backoff import Backoff
from shared.runtime.batcher import Batcher
from shared.runtime.leases import Lease
from shared.runtime.message import Outgoing
from shared.runtime.queue import MAX_DELAY_S, MAX_VISIBILITY_S, QueueClient, Refused
from shared.runtime.sending import send_all

TRIES = 4


class Settler:
    """Settles messages of one queue. What cannot be settled is logged and comes again: no harm, the record knows it."""

    def __init__(self, queue: QueueClient, clock: Clock, backoff: Backoff, max_receive_count: int, log: Any) -> None:
        self._queue = queue
        self._clock = clock
        self._backoff = backoff
        self._max_receive_count = max_receive_count
        self._log = log
        self._deletes: Batcher[str] = Batcher(queue.delete, clock)
        self._changes: Batcher[tuple[str, int]] = Batcher(queue.change_visibility, clock)

    async def delete(self, lease: Lease) -> None:
        """Acknowledges the message."""
        await self._insist(self._deletes, lease.message.receipt, lease)

    async def give_back(self, lease: Lease, delay_s: float) -> None:
        """Lets the message come again after ``delay_s`` seconds."""
        delay = max(0, min(round(delay_s), MAX_VISIBILITY_S))
        # The queue counts receives, also of messages that only wait; at its limit it would give up what we have not.
        if lease.message.receive_count >= self._max_receive_count - 1:
            await self._start_over(lease, delay)
        else:
            await self._insist(self._changes, (lease.message.receipt, delay), lease)

    async def _start_over(self, lease: Lease, delay: int) -> None:
        """Sends the message anew, its receives uncounted, and only then deletes it: a crash makes a duplicate."""
        copy = Outgoing(lease.message.body, lease.message.attributes, delay_s=min(delay, MAX_DELAY_S))
        await send_all(self._queue, [copy], self._clock, self._backoff)
        await self.delete(lease)

    async def _insist(self, batcher: Batcher[Any], entry: Any, lease: Lease) -> None:
        refused: Refused | None = None
        for attempt in range(1, TRIES + 1):
            refused = await batcher.submit(entry)
            if refused is None:
                return
            left = lease.deadline - self._clock.now()
            delay = self._backoff.delay_s(attempt)
            if refused.permanent or attempt == TRIES or delay > left:
                break
            await self._clock.sleep(delay)
        assert refused is not None
        self._log.warning("message.unsettled", message_id=lease.message.id, code=refused.code, error=refused.message)
