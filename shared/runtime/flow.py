"""The way of messages through one consumer, from the receive that brings them to how they end.

taken ─► waiting ─► handled ─► publishing ─► settling
          room: places         no place is held: batches fill while other messages are handled
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from shared.errors import LeaseLost
from shared.observe.backlog import Rate
from shared.observe.metrics import Occupancy
from shared.runtime.delivery import Back, Desk, Result
from shared.runtime.lease import Lease
from shared.runtime.leases import LeaseTable
from shared.runtime.message import Message
from shared.runtime.message_work import MessageWork
from shared.runtime.policy import describe
from shared.runtime.room import Room
from shared.runtime.settler import Settler
from shared.runtime.undeleted import Undeleted
from shared.store.stored_events import StoredEvent

MOST_PUBLISHING = 100
"""Messages that may wait for their sends beside those that are handled: queues that refuse must not fill our hands."""


class Flow:
    """``freed`` is called when room has grown. ``settler`` is given once made: it asks back whether more is in hand."""

    settler: Settler

    def __init__(self, desk: Desk, room: Room, leases: LeaseTable, work: MessageWork, undeleted: Undeleted) -> None:
        self._desk = desk
        self._clock = desk.clock
        self._log = desk.log
        self._room = room
        self._leases = leases
        self._work = work
        self._undeleted = undeleted
        self._waiting: deque[Lease] = deque()
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._aside: set[asyncio.Task[None]] = set()
        self._held_up: asyncio.Task[None] | None = None
        self.stopping = False
        self.rate = Rate(room.limit)
        self.counts: Counter[str] = Counter()
        self.freed: Callable[[], None] = lambda: None

    @property
    def occupancy(self) -> Occupancy:
        return Occupancy(self._running, len(self._waiting), self._room.limit)

    @property
    def may_send(self) -> bool:
        """Whether messages are in hand that may still send events."""
        return bool(self._running or self._waiting)

    @property
    def may_end(self) -> bool:
        """Whether messages are in hand that will have to be settled."""
        return bool(self._tasks or self._waiting)

    @property
    def started(self) -> set[asyncio.Task[None]]:
        """Those that are handled or published."""
        return set(self._tasks)

    @property
    def unfinished(self) -> set[asyncio.Task[None]]:
        """All that must end before the consumer may."""
        return self._tasks | self._aside

    def take(self, messages: Sequence[Message]) -> None:
        """What a receive has brought."""
        # leased at once, before anything is awaited: from here on the heartbeat knows the messages
        for lease in self._leases.add(messages):
            if self._undeleted.take(lease.message.id):
                self._log.info("message.deleted_unrun", message_id=lease.message.id)
                self._delete(lease)
            elif self.stopping:
                self._back(lease, 0)
            elif (early := self._work.early_s(lease.message)) > 0:
                self._back(lease, early)
            else:
                self._room.in_hand += 1
                self._waiting.append(lease)
        self._dispatch()

    def stop(self) -> None:
        """Nothing is started any more; what has not started goes back."""
        self.stopping = True
        if self._held_up is not None:
            self._held_up.cancel()
        while self._waiting:
            self._room.in_hand -= 1
            self._back(self._waiting.popleft(), 0)

    def _dispatch(self) -> None:
        """Starts what waits, as far as handlers are free and nobody is throttled."""
        if self._waiting and (held := self._desk.pause.left_s()) > 0:
            if self._held_up is None:
                self._held_up = asyncio.create_task(self._dispatch_after(held))
            return
        most = self._room.limit + MOST_PUBLISHING
        while self._waiting and self._running < self._room.limit and len(self._tasks) < most:
            self._running += 1
            task = asyncio.create_task(self._consume(self._waiting.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._finished)

    async def _dispatch_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._held_up = None
        self._dispatch()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.settler.settle_down()
        self._dispatch()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("message.crashed", error=describe(error), exc_info=error)

    async def _consume(self, lease: Lease) -> None:
        begun = self._clock.now()
        if lease.message.sent_at is not None:
            self._desk.meter.started(begun - lease.message.sent_at)
        result = await self._guarded(lease, self._work.do(lease))
        self._handled(lease, self._clock.now() - begun, finished=isinstance(result, list))
        if isinstance(result, list) and result:
            result = await self._guarded(lease, self._published(result))
        else:
            self._desk.outbox.settle_down()
        if result is None:
            self._leases.forget(lease)
        elif isinstance(result, Back):
            self._back(lease, result.delay_s)
        else:
            self._delete(lease)

    def _handled(self, lease: Lease, seconds: float, *, finished: bool) -> None:
        """A handler is free again."""
        now, tuner = self._clock.now(), self._room.tuner
        if self._desk.pause.left_s() > 0:
            tuner.throttled(now)
        elif finished:
            tuner.finished(seconds, saturated=self._running >= tuner.limit, now=now, kind=lease.kind)
        self._room.handled(seconds)
        self.rate.limit = tuner.limit
        self.rate.ended(seconds, finished=finished)
        self._room.in_hand -= 1
        self._running -= 1
        self._dispatch()
        self.freed()

    async def _published(self, events: list[StoredEvent]) -> Result:
        await self._desk.outbox.publish(events)
        return []

    async def _guarded(self, lease: Lease, work: Coroutine[Any, Any, Result]) -> Result | None:
        """What the work says; that the message goes back when it fails; None when the message is somebody else's."""
        message = lease.message
        try:
            return await work
        except LeaseLost as error:
            self.counts["lost"] += 1
            self._log.warning("message.abandoned", message_id=message.id, error=str(error))
            return None
        except Exception as error:
            delay = self._desk.backoff.delay_s(message.receive_count)
            self._log.warning(
                "message.failed", message_id=message.id, error=describe(error), delay_s=delay, exc_info=error
            )
            return Back(delay)

    def _delete(self, lease: Lease) -> None:
        self.counts["deleted"] += 1
        self._leases.forget(lease)
        self.settler.delete(lease)

    def _back(self, lease: Lease, delay_s: float) -> None:
        self.counts["given_back"] += 1
        task = asyncio.create_task(self._give_back(lease, delay_s))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _give_back(self, lease: Lease, delay_s: float) -> None:
        await self._leases.remove(lease)
        self.settler.give_back(lease, delay_s)
