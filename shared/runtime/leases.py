"""The lease table: while a message is in hand, its visibility and its idempotency record are renewed at half time.

A renewal that the queue or the store refuses means that the message is, or will be, somebody else's: the handler is
cancelled, and nothing that it made may be published or acknowledged.

``run`` is a plain coroutine. In production it runs in a thread with a loop of its own (``heartbeat``), so that a
handler that blocks the main loop costs no lease; all else here is called on the main loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from shared.clock import Clock
from shared.runtime.lease import Lease
from shared.runtime.message import Message
from shared.runtime.queue import BATCH, Outcomes, QueueClient, Refused
from shared.runtime.waiting import set_within
from shared.store.idempotency import IdempotencyStore

JITTER = 0.1
"""Of the visibility timeout: by how much earlier than at half time a batch may be renewed, so that fleets spread."""
RETRY_S = 1.0
"""After which a renewal that failed in passing is tried again; sooner when little time is left."""
SHORTEST_S = 0.05
LONGEST_S = 5.0
"""Between two turns of the heartbeat, also when there is nothing to renew: whoever watches sees it alive."""


@dataclass(frozen=True)
class Renewals:
    """What renewals are made with; clients of the loop that ``run`` runs on."""

    queue: QueueClient
    store: IdempotencyStore


class LeaseTable:
    """Every message in hand of one queue. ``on_main`` runs a function on the handlers' loop.

    ``jitter`` gives numbers in [0, 1); ``beat`` is called at every turn, for whoever watches that renewals go on.
    """

    def __init__(
        self, worker: str, clock: Clock, visibility_s: int, log: Any, *, jitter: Callable[[], float],
        on_main: Callable[[Callable[[], None]], object] = lambda act: act(), beat: Callable[[], None] = lambda: None,
        margin: Callable[[float], None] = lambda seconds: None, lost: Callable[[str], None] = lambda code: None,
    ) -> None:  # fmt: skip
        self._worker = worker
        self._clock = clock
        self._visibility_s = visibility_s
        self._log = log
        self._jitter = jitter
        self._on_main = on_main
        self._beat = beat
        self._margin = margin
        self._told_lost = lost
        self._leases: dict[str, Lease] = {}
        self._lock = Lock()
        self._turn_at = 0.0
        self._wake: Callable[[], object] = lambda: None

    def __len__(self) -> int:
        return len(self._leases)

    def add(self, messages: Sequence[Message]) -> list[Lease]:
        """Leases of what a receive brought. A message that is in hand already gets its new receipt, and no new lease:
        its first handler goes on."""
        renew_at = self._half(messages[0].deadline)
        with self._lock:
            added = [lease for message in messages if (lease := self._added(message, renew_at)) is not None]
            sooner = renew_at < self._turn_at
        if sooner:
            self._wake()
        return added

    def _added(self, message: Message, renew_at: float) -> Lease | None:
        there = self._leases.get(message.id)
        if there is not None and not there.lost:
            self._log.info("lease.received_again", message_id=message.id)
            there.hold(message, self._visibility_s, renew_at)
            return None
        lease = self._leases[message.id] = Lease(message, self._visibility_s, renew_at)
        return lease

    async def remove(self, lease: Lease) -> None:
        """Ends the lease. A renewal under way is waited for: it would hide again what is about to be given back."""
        self.forget(lease)
        with self._lock:
            waited = lease.renewed = asyncio.Event() if lease.renewing else None
        if waited is not None:
            await waited.wait()

    def forget(self, lease: Lease) -> None:
        """Ends the lease of a message that is about to be deleted: a renewal under way does no harm."""
        with self._lock:
            if self._leases.get(lease.message.id) is lease:
                del self._leases[lease.message.id]

    def interrupt_all(self) -> None:
        for lease in list(self._leases.values()):
            lease.interrupt()

    # on the loop of the renewals

    async def run(self, renewals: Renewals) -> None:
        """The heartbeat; runs until cancelled. A call that is slow, or hangs, holds up its own leases and no other."""
        woken, loop = asyncio.Event(), asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(woken.set)
        try:
            async with asyncio.TaskGroup() as calls:
                while True:
                    self._beat()
                    woken.clear()
                    await set_within(self._clock, self._until_turn(), woken)
                    for batch in self._batches_due(self._clock.now()):
                        calls.create_task(self._renew(renewals, batch))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group  # whoever looks after the heartbeat asks what ended it

    def _until_turn(self) -> float:
        """Seconds to the next renewal. Whoever adds a lease that is due before it wakes the heartbeat."""
        now = self._clock.now()
        with self._lock:
            first = min((lease.renew_at for lease in self._renewable()), default=now + LONGEST_S)
            self._turn_at = min(max(first, now + SHORTEST_S), now + LONGEST_S)
            return self._turn_at - now

    def _renewable(self) -> list[Lease]:
        return [lease for lease in self._leases.values() if not (lease.lost or lease.renewing)]

    def _batches_due(self, now: float) -> list[list[Lease]]:
        """What has come to half of its time, in batches that are filled up with what is close to it."""
        due = self._due(now)
        return [due[start : start + BATCH] for start in range(0, len(due), BATCH)]

    def _due(self, now: float) -> list[Lease]:
        with self._lock:
            held = self._renewable()
            for lease in held:
                if self._seconds(lease, now) < 1:
                    self._lose(lease, "TwelveHours")
            soon = now + JITTER * self._visibility_s
            due = [lease for lease in held if lease.renew_at <= soon and not lease.lost]
            if not any(lease.renew_at <= now for lease in due):
                return []
            for lease in due:
                lease.renewing = True
        return sorted(due, key=lambda lease: lease.deadline)

    async def _renew(self, renewals: Renewals, leases: Sequence[Lease]) -> None:
        """Message and record at the same time: neither waits for the other's answer."""
        try:
            await asyncio.gather(
                self._change(renewals.queue, leases), *(self._renew_claim(renewals.store, lease) for lease in leases)
            )
        finally:
            for lease in leases:
                self._ended(lease)

    def _ended(self, lease: Lease) -> None:
        with self._lock:
            lease.renewing = False
            waiting = lease.renewed
            sooner = lease.renew_at < self._turn_at
        if sooner:
            self._wake()
        if waiting is not None:
            self._on_main(waiting.set)

    async def _change(self, queue: QueueClient, leases: Sequence[Lease]) -> None:
        asked = self._clock.now()
        changes = [(lease.message.receipt, self._seconds(lease, asked)) for lease in leases]
        outcomes = await self._called(queue, changes)
        renew_at = self._half(asked + self._visibility_s)
        with self._lock:
            for lease, (receipt, seconds), refused in zip(leases, changes, outcomes, strict=True):
                if lease.message.receipt != receipt or self._leases.get(lease.message.id) is not lease:
                    continue  # received again meanwhile, which counts from its own receive, or about to be settled
                if refused is None:
                    self._margin(lease.deadline - self._clock.now())
                    lease.deadline, lease.renew_at = asked + seconds, min(renew_at, asked + seconds / 2)
                else:
                    self._refused(lease, refused)

    def _seconds(self, lease: Lease, asked: float) -> int:
        """The visibility timeout, or what is left of twelve hours: SQS refuses what goes beyond."""
        return min(self._visibility_s, int(lease.limit - asked) - 1)

    async def _called(self, queue: QueueClient, changes: list[tuple[str, int]]) -> Outcomes:
        try:
            return await queue.change_visibility(changes)
        except Exception as error:
            # a failing call must not end the heartbeat: each lease is judged by the time it has left
            return [Refused(type(error).__name__, str(error), permanent=False)] * len(changes)

    def _refused(self, lease: Lease, refused: Refused) -> None:
        left = lease.deadline - self._clock.now()
        if refused.permanent or left <= 0:
            self._lose(lease, refused.code)
            return
        lease.renew_at = self._clock.now() + min(RETRY_S, left / 3)
        self._log.warning("lease.renewal_failed", message_id=lease.message.id, code=refused.code, left_s=round(left, 3))

    async def _renew_claim(self, store: IdempotencyStore, lease: Lease) -> None:
        if (claim := lease.claim) is None:
            return
        try:
            held = await store.renew(claim[0], self._worker, claim[1], self._visibility_s)
        except Exception as error:
            # the record stays ours until somebody claims it after its time; completing it is conditional anyway
            self._log.warning("lease.renewal_failed", message_id=lease.message.id, code=type(error).__name__)
            return
        if not held and lease.claim == claim:
            self._lose(lease, "RecordTaken")

    def _lose(self, lease: Lease, code: str) -> None:
        self._log.warning("lease.lost", message_id=lease.message.id, code=code)
        self._told_lost(code)
        lease.lost = True
        self._on_main(lease.stop_handler)

    def _half(self, deadline: float) -> float:
        return deadline - self._visibility_s * (0.5 + JITTER * self._jitter())
