"""The consumer of one queue: polls, keeps leases, lets each event be delivered, settles each message, drains.

polling ──stop──► draining: no new receive; what has not started is given back; running handlers get their grace
                     ──► interrupted handlers, late messages: given back; deletes flushed ──► closed
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from shared.clock import Clock
from shared.errors import LeaseLost, Poison
from shared.runtime.backoff import Backoff
from shared.runtime.claimcheck import checked_out
from shared.runtime.deadletter import Verdict
from shared.runtime.decode import Decoded, Item, Undecodable, decode
from shared.runtime.delivery import Back, Delivery, Desk
from shared.runtime.leases import Lease, LeaseTable
from shared.runtime.message import Message
from shared.runtime.outbox import NOT_BEFORE
from shared.runtime.policy import describe
from shared.runtime.poller import Poller
from shared.runtime.queue import QueueClient
from shared.runtime.settler import Settler
from shared.runtime.slots import Slots
from shared.runtime.waiting import first_of, within
from shared.store.ports import ObjectStore
from shared.topology import Queue

AFTERMATH_S = 5.0
"""What an interrupted delivery gets to give its message back."""


class Consumer:
    """Runs until ``stop`` is set. ``now`` asks for an end without grace, as a second signal does."""

    def __init__(
        self, desk: Desk, queue: QueueClient, topic: Queue, objects: ObjectStore, *, grace_s: float, wait_s: int
    ) -> None:
        self._desk = desk
        self._queue = queue
        self._topic = topic
        self._objects = objects
        self._clock: Clock = desk.clock
        self._backoff: Backoff = desk.backoff
        self._grace_s = grace_s
        self._log = desk.log
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = Slots(topic.concurrency_max)
        self._leases = LeaseTable(queue, desk.store, topic.worker, desk.clock, topic.visibility_timeout_s, desk.log)
        self._settler = Settler(queue, desk.clock, desk.backoff, topic.max_receive_count, desk.log)
        self._poller = Poller(
            queue, self._slots, self._start, clock=desk.clock, pause=desk.pause, backoff=desk.backoff, wait_s=wait_s,
            visibility_s=topic.visibility_timeout_s, log=desk.log,
        )  # fmt: skip

    async def run(self, stop: asyncio.Event, now: asyncio.Event | None = None) -> None:
        """Returns when drained: nothing in hand, every delete sent. Raises what ended the poller, after draining."""
        heartbeat = asyncio.create_task(self._leases.run())
        polling = asyncio.create_task(self._poller.run(self._stop))
        try:
            await first_of(stop.wait(), asyncio.wait([polling]))
            await self._drain(polling, now or asyncio.Event())
        finally:
            heartbeat.cancel()
            await asyncio.gather(heartbeat, return_exceptions=True)
        polling.result()

    async def _drain(self, polling: asyncio.Task[None], now: asyncio.Event) -> None:
        self._log.info("worker.draining", running=len(self._tasks))
        self._stop.set()
        await first_of(within(self._clock, self._grace_s, set(self._tasks)), now.wait())
        self._leases.interrupt_all()
        await asyncio.wait([polling])
        left = await within(self._clock, AFTERMATH_S, set(self._tasks))
        for task in left:
            task.cancel()  # a handler that ignores being stopped: its lease ends by itself
        await asyncio.gather(*left, return_exceptions=True)
        self._log.info("worker.drained", abandoned=len(left))

    def _start(self, message: Message) -> None:
        # leased at once, before anything is awaited: from here on the heartbeat knows the message
        task = asyncio.create_task(self._consume(self._leases.add(message)))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._slots.give(1)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("message.crashed", error=describe(error), exc_info=error)

    async def _consume(self, lease: Lease) -> None:
        message = lease.message
        try:
            back = await self._work(lease)
        except LeaseLost as error:
            self._log.warning("message.abandoned", message_id=message.id, error=str(error))
            await self._leases.remove(lease)
            return
        except Exception as error:
            back = self._backoff.delay_s(message.receive_count)
            self._log.warning(
                "message.failed", message_id=message.id, error=describe(error), delay_s=back, exc_info=error
            )
        await self._leases.remove(lease)
        if back is None:
            await self._settler.delete(lease)
        else:
            await self._settler.give_back(lease, back)

    async def _work(self, lease: Lease) -> Back | None:
        """Delivers the message's events one after another. None when all are done, else when to come again."""
        if self._stop.is_set():
            return 0.0
        if (early := self._too_early(lease.message)) > 0:
            return early
        await first_of(self._desk.pause.wait(), self._stop.wait())
        items = await self._items(lease.message)
        backs: list[Back] = []
        for item in items:
            if self._stop.is_set():
                return 0.0
            back = await self._deliver(lease, item, items)
            backs += [] if back is None else [back]
        return min(backs, default=None)

    async def _items(self, message: Message) -> list[Item]:
        try:
            body = await checked_out(message, self._objects)
        except Poison as error:
            return [Undecodable(error.reason, message.body)]
        items = decode(body)
        if not items:
            self._log.info("message.nothing_to_do", message_id=message.id)
        return items

    async def _deliver(self, lease: Lease, item: Item, items: Sequence[Item]) -> Back | None:
        # a message of one event goes to the dead-letter queue as it came, claim check and all
        body = lease.message.body if len(items) == 1 else item.body
        if isinstance(item, Decoded) and item.event.type not in self._topic.consumes:
            item = Undecodable(f"events of type {item.event.type} are not for {self._topic.worker}", body)
        if isinstance(item, Undecodable):
            self._log.error("message.poison", message_id=lease.message.id, reason=item.reason)
            verdict = Verdict(item.reason, "Poison", lease.message.receive_count)
            await self._desk.dead_letters.bury(lease.message, body, verdict)
            return None
        return await Delivery(self._desk, lease, item, body).run()

    def _too_early(self, message: Message) -> float:
        """Seconds until a message whose delay is longer than SQS carries may be delivered."""
        due = message.attributes.get(NOT_BEFORE)
        try:
            return 0.0 if due is None else float(due.value) - self._clock.now()
        except ValueError:
            return 0.0
