"""How a delivery ends at the queue: deleted, or given back. Both in batches, and insisted on until the lease ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from shared.clock import Clock
from shared.observe.metrics import Way
from shared.runtime.backoff import Backoff
from shared.runtime.batcher import Batcher
from shared.runtime.lease import Lease
from shared.runtime.message import Outgoing
from shared.runtime.queue import MAX_DELAY_S, MAX_VISIBILITY_S, QueueClient, Refused
from shared.runtime.sending import send_all
from shared.runtime.waiting import within

LINGER_SHARE = 0.25
"""Of what is left of a lease: so long may a delete wait for others while messages are in hand that will bring some."""
LINGER_S = 5.0
"""The same at most: what is done should not look as if it were in flight."""
GIVE_BACK_LINGER_S = 0.02


class Settler:
    """Settles messages of one queue. ``upstream`` says whether messages are in hand that will end; ``undeleted`` hears
    of a message that is done with and will come again, since it could not be deleted; ``settled`` of the way in which
    a message was settled, and of the seconds that were left of its lease."""

    def __init__(
        self, queue: QueueClient, clock: Clock, backoff: Backoff, max_receive_count: int, log: Any, *,
        upstream: Callable[[], bool], undeleted: Callable[[Lease], None],
        settled: Callable[[Way, float], None] = lambda way, margin_s: None,
    ) -> None:  # fmt: skip
        self._queue = queue
        self._clock = clock
        self._backoff = backoff
        self._max_receive_count = max_receive_count
        self._log = log
        self._undeleted = undeleted
        self._settled = settled
        self._deletes: Batcher[str] = Batcher(queue.delete, clock, upstream)
        self._changes: Batcher[tuple[str, int]] = Batcher(queue.change_visibility, clock, lambda: True)
        self._tasks: set[asyncio.Task[None]] = set()

    def delete(self, lease: Lease) -> None:
        """Acknowledges the message."""
        self._delete(lease, 1)

    def give_back(self, lease: Lease, delay_s: float) -> None:
        """Lets the message come again after ``delay_s`` seconds."""
        delay = max(0, min(round(delay_s), MAX_VISIBILITY_S))
        # The queue counts receives, also of messages that only wait; at its limit it would give up what we have not.
        if lease.message.receive_count >= self._max_receive_count - 1:
            self._start(self._start_over(lease, delay))
        else:
            self._change(lease, delay, 1)

    def settle_down(self) -> None:
        """A message in hand has ended: what waited for it goes when it was the last."""
        self._deletes.settle_down()

    @property
    def idle(self) -> bool:
        return self._deletes.idle and self._changes.idle and not self._tasks

    async def close(self, within_s: float) -> None:
        """Returns when all is settled or known not to be, or after this time."""
        end = self._clock.now() + within_s
        while not self.idle and self._clock.now() < end:
            self._deletes.flush()
            self._changes.flush()
            await within(self._clock, 0.05, set(self._tasks)) if self._tasks else await self._clock.sleep(0.01)

    def _delete(self, lease: Lease, attempt: int) -> None:
        linger = min(LINGER_S, LINGER_SHARE * (lease.deadline - self._clock.now()))
        self._deletes.add(lease.message.receipt, partial(self._deleted, lease, attempt), linger)

    def _deleted(self, lease: Lease, attempt: int, refused: Refused | None) -> None:
        if refused is None:
            self._settled("deleted", lease.deadline - self._clock.now())
        elif (delay := self._delay(lease, attempt, refused)) is not None:
            self._start(self._later(delay, lambda: self._delete(lease, attempt + 1)))
        else:
            self._unsettled(lease, refused)
            self._undeleted(lease)

    def _change(self, lease: Lease, delay: int, attempt: int) -> None:
        entry = (lease.message.receipt, delay)
        self._changes.add(entry, partial(self._changed, lease, delay, attempt), GIVE_BACK_LINGER_S)

    def _changed(self, lease: Lease, delay: int, attempt: int, refused: Refused | None) -> None:
        if refused is None:
            self._settled("given_back", lease.deadline - self._clock.now())
        elif (wait := self._delay(lease, attempt, refused)) is not None:
            self._start(self._later(wait, lambda: self._change(lease, delay, attempt + 1)))
        else:
            self._unsettled(lease, refused)

    def _delay(self, lease: Lease, attempt: int, refused: Refused) -> float | None:
        """Before the next try; None when there is none: SQS will not change its mind, or the lease ends first."""
        delay = self._backoff.delay_s(attempt)
        return None if refused.permanent or self._clock.now() + delay > lease.deadline else delay

    async def _later(self, delay_s: float, act: Callable[[], None]) -> None:
        await self._clock.sleep(delay_s)
        act()

    async def _start_over(self, lease: Lease, delay: int) -> None:
        """Sends the message anew, its receives uncounted, and only then deletes it: a crash makes a duplicate."""
        message = lease.message
        copy = Outgoing(message.body, message.attributes, delay_s=min(delay, MAX_DELAY_S), group=message.group)
        try:
            await send_all(self._queue, [copy], self._clock, self._backoff)
        except Exception as error:
            self._log.warning("message.unsettled", message_id=message.id, code=type(error).__name__, error=str(error))
        else:
            self._log.info("message.started_over", message_id=message.id, receives=message.receive_count)
            self.delete(lease)

    def _unsettled(self, lease: Lease, refused: Refused) -> None:
        self._log.warning("message.unsettled", message_id=lease.message.id, code=refused.code, error=refused.message)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
