"""Leases: while a message is worked on, its visibility and its idempotency record are renewed at half time.

A renewal that the queue or the store refuses means that the message is, or will be, somebody else's: the handler is
cancelled, and nothing that it made may be published or acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from shared.clock import Clock
from shared.errors import LeaseLost
from shared.runtime.message import Message
from shared.runtime.queue import BATCH, MAX_VISIBILITY_S, Outcomes, QueueClient, Refused
from shared.store.idempotency import IdempotencyStore

T = TypeVar("T")


class Interrupted(Exception):
    """Raised inside a delivery whose handler was stopped because the process is ending."""


class Lease:
    """The hold on one message. ``deadline`` is when it ends unless renewed (Unix seconds)."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.deadline = message.deadline
        self.claim: tuple[str, str] | None = None
        """Event id and owner token of the record that is renewed along."""
        self.lost = False
        self._interrupted = False
        self._task: asyncio.Task[Any] | None = None

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result. Raises LeaseLost or Interrupted as soon as one of them happens."""
        task = asyncio.create_task(work)
        self._task = task
        if self.lost or self._interrupted:
            task.cancel()
        try:
            result = await task
        except asyncio.CancelledError:
            self.check()
            if self._interrupted:
                raise Interrupted from None
            raise
        self.check()
        return result

    def check(self) -> None:
        """Raises LeaseLost when the message is somebody else's."""
        if self.lost:
            raise LeaseLost(f"message {self.message.id} passed to another worker")

    def lose(self) -> None:
        self.lost = True
        self._cancel()

    def interrupt(self) -> None:
        """Stops the handler, if it runs; what it has finished stays finished."""
        self._interrupted = True
        self._cancel()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


class LeaseTable:
    """Every message in hand of one queue, and the heartbeat that renews them."""

    def __init__(
        self, queue: QueueClient, store: IdempotencyStore, worker: str, clock: Clock, visibility_s: int, log: Any
    ) -> None:
        self._queue = queue
        self._store = store
        self._worker = worker
        self._clock = clock
        self._visibility_s = visibility_s
        self._log = log
        self._leases: dict[int, Lease] = {}
        self._renewing = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._leases)

    def add(self, message: Message) -> Lease:
        lease = Lease(message)
        self._leases[id(lease)] = lease
        return lease

    async def remove(self, lease: Lease) -> None:
        """Ends the lease. A renewal under way is waited for: it would hide again what is about to be given back."""
        async with self._renewing:
            self._leases.pop(id(lease), None)

    def interrupt_all(self) -> None:
        for lease in list(self._leases.values()):
            lease.interrupt()

    async def run(self) -> None:
        """The heartbeat; runs until cancelled."""
        while True:
            await self._clock.sleep(max(self._visibility_s / 6, 0.25))
            async with self._renewing:
                await self.renew_due()

    async def renew_due(self) -> None:
        """Renews every lease past half of its time. What fails in passing is tried again at the next beat."""
        half = self._clock.now() + self._visibility_s / 2
        due = [lease for lease in self._leases.values() if not lease.lost and lease.deadline <= half]
        for start in range(0, len(due), BATCH):
            await self._renew(due[start : start + BATCH])

    async def _renew(self, leases: Sequence[Lease]) -> None:
        asked = self._clock.now()
        # Messages in a process are received at different times, yet the 12 hours count from each receive: SQS refuses
        # what goes beyond, and the refusal ends the lease.
        seconds = min(self._visibility_s, MAX_VISIBILITY_S)
        outcomes = await self._change([(lease.message.receipt, seconds) for lease in leases])
        for lease, refused in zip(leases, outcomes, strict=True):
            if refused is None:
                lease.deadline = asked + seconds
                await self._renew_claim(lease)
            elif refused.permanent or self._clock.now() >= lease.deadline:
                self._lose(lease, refused.code)
            else:
                self._log.warning("lease.renewal_failed", message_id=lease.message.id, code=refused.code)

    async def _change(self, changes: list[tuple[str, int]]) -> Outcomes:
        try:
            return await self._queue.change_visibility(changes)
        except Exception as error:
            # a failing call must not end the heartbeat: each lease is judged by the time it has left
            return [Refused(type(error).__name__, str(error), permanent=False)] * len(changes)

    async def _renew_claim(self, lease: Lease) -> None:
        claim = lease.claim
        if claim is None:
            return
        try:
            held = await self._store.renew(claim[0], self._worker, claim[1], self._visibility_s)
        except Exception as error:
            # the record stays ours until somebody claims it after its time; completing it is conditional anyway
            self._log.warning("lease.renewal_failed", message_id=lease.message.id, code=type(error).__name__)
            return
        if not held and lease.claim == claim:
            self._lose(lease, "RecordTaken")

    def _lose(self, lease: Lease, code: str) -> None:
        self._log.warning("lease.lost", message_id=lease.message.id, code=code)
        lease.lose()
