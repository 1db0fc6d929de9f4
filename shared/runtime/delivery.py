"""One event's way: claim → handle → complete together with what it emits. Publishing that is the caller's next step.

A crash after any step leads to a redelivery that ends in the same state: before ``complete`` the event is handled again
and emits the same ids, after it the stored events are published again. Deleting the message is the caller's last step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any

from shared.clock import Clock
from shared.errors import LeaseLost, Poison, Throttled
from shared.observe.health import Health
from shared.observe.metrics import Meter, Outcome, Silent
from shared.observe.tracing import TRACEPARENT, processing
from shared.runtime.backoff import Backoff
from shared.runtime.deadletter import DeadLetters, Verdict
from shared.runtime.decode import Decoded
from shared.runtime.lease import Lease
from shared.runtime.outbox import Outbox, types
from shared.runtime.pause import Pause
from shared.runtime.policy import Exhausted, GiveUp, describe, judge
from shared.runtime.probing import handler_name
from shared.runtime.stack_hash import stack_hash
from shared.runtime.worker import Context, Worker
from shared.store.idempotency import Busy, Claimed, Completed, Failed, IdempotencyStore
from shared.store.stored_events import StoredEvent


@dataclass(frozen=True)
class Back:
    """The message must come again, ``delay_s`` seconds from now."""

    delay_s: float


Result = Back | list[StoredEvent]
"""Of a delivery: what to publish before the message is deleted, or that it goes back."""


@dataclass(frozen=True)
class Limits:
    """From queues.yaml."""

    max_attempts: int
    lease_s: int


@dataclass(frozen=True)
class Desk:
    """What a delivery works with; made once per consumer. ``owner`` makes a new owner token."""

    worker: Worker
    store: IdempotencyStore
    outbox: Outbox
    dead_letters: DeadLetters
    pause: Pause
    clock: Clock
    backoff: Backoff
    limits: Limits
    owner: Callable[[], str]
    log: Any
    queue: str = ""
    """The queue's name, for traces."""
    meter: Meter = field(default_factory=Silent)
    health: Health = field(default_factory=lambda: Health(poll_limit_s=inf, beat_limit_s=inf))


class Delivery:
    """The delivery of one event with one message. ``body`` is what would go to the dead-letter queue."""

    def __init__(self, desk: Desk, lease: Lease, decoded: Decoded, body: str) -> None:
        self._desk = desk
        self._lease = lease
        self._decoded = decoded
        self._body = body
        self._owner = desk.owner()
        self._worker = desk.worker.name
        self._handler_s: float | None = None
        self._log = desk.log.bind(event_id=decoded.id, type=decoded.event.type, run=getattr(decoded.event, "run", None))

    async def run(self) -> Result:
        """What is left to publish of an event that is done with. Raises LeaseLost, or what store or queue raised."""
        message, event = self._lease.message, self._decoded.event
        trace = message.attributes.get(TRACEPARENT)
        traceparent = None if trace is None else trace.value
        with processing(self._desk.queue, message.id, traceparent, event.type, self._decoded.id) as self._span:
            try:
                return await self._run()
            except LeaseLost:
                self._ended("lost")
                raise

    async def _run(self) -> Result:
        outcome = await self._desk.store.claim(
            self._decoded.id, self._worker, self._decoded.payload_hash, self._owner, self._desk.limits.lease_s
        )
        if isinstance(outcome, Claimed):
            return await self._claimed(outcome)
        if isinstance(outcome, Busy):
            self._ended("busy")
            self._log.info("event.busy", remaining_s=round(outcome.remaining_s, 3))
            return Back(outcome.remaining_s + 1)  # visibility has whole seconds: rather late than still busy
        if isinstance(outcome, Completed):
            self._ended("repeated")
            self._lease.events.append(self._decoded.id)
            self._log.info("event.repeated", emitted=types(outcome.events))
            return [] if outcome.published else outcome.events
        if isinstance(outcome, Failed):
            self._ended("repeated")
            if outcome.dead_lettered:
                return outcome.events
            return await self._bury(Verdict(outcome.error, "Repeated", 0, self._decoded.id), outcome.events)
        # the record is another event's: it stays, and that event's item has not failed
        self._ended("poison")
        self._log.error("event.conflict")
        verdict = Verdict("the same event id came with other content", "Conflict", 0, self._decoded.id)
        await self._desk.dead_letters.bury(self._lease.message, self._body, verdict)
        return []

    async def _claimed(self, claimed: Claimed) -> Result:
        context = Context(event_id=self._decoded.id, attempt=claimed.attempt, log=self._log)
        try:
            events = await self._handled(claimed, context)
        except LeaseLost:
            raise
        except Exception as error:
            return await self._went_wrong(error, claimed, context)
        await self._complete(events)
        self._ended("completed")
        self._log.info("event.handled", attempt=claimed.attempt, emitted=types(events))
        return events

    async def _handled(self, claimed: Claimed, context: Context) -> list[StoredEvent]:
        if claimed.attempt > self._desk.limits.max_attempts:
            raise Exhausted
        begun, self._lease.kind = self._desk.clock.now(), self._decoded.event.type
        self._lease.claim = (self._decoded.id, self._owner)
        if (task := asyncio.current_task()) is not None:
            task.set_name(handler_name(self._worker, self._decoded.event.type))
        try:
            emitted = await self._lease.run(self._desk.worker.handle(self._decoded.event, context))
        finally:
            # before the record changes its state: a renewal that comes later is refused, and nothing is lost by that
            self._lease.claim = None
            self._handler_s = self._desk.clock.now() - begun
        return self._desk.outbox.prepare(self._decoded.id, emitted)

    async def _complete(self, events: list[StoredEvent]) -> None:
        self._lease.check()
        if not await self._desk.store.complete(self._decoded.id, self._worker, self._owner, events):
            raise LeaseLost(f"event {self._decoded.id} passed to another worker before it was completed")
        self._lease.events.append(self._decoded.id)

    async def _went_wrong(self, error: Exception, claimed: Claimed, context: Context) -> Result:
        desk = self._desk
        self._span.failed(error)
        decision = judge(error, claimed, desk.clock.now(), desk.limits.max_attempts, desk.backoff)
        if isinstance(decision, GiveUp):
            return await self._give_up(decision.reason, error, claimed, context)
        if isinstance(error, Throttled):
            desk.pause.hold(decision.delay_s)
        self._ended("released")
        self._log.warning(
            "event.released", attempt=claimed.attempt, counted=decision.counted, delay_s=round(decision.delay_s, 3),
            error=describe(error), exc_info=error if decision.counted else None,
        )  # fmt: skip
        await desk.store.release(
            self._decoded.id, self._worker, self._owner, counted=decision.counted, error=describe(error)
        )
        return Back(decision.delay_s)

    async def _give_up(self, reason: str, error: Exception, claimed: Claimed, context: Context) -> Result:
        """Lets the worker record the failed item, marks the event, then the dead-letter queue and what follows."""
        desk = self._desk
        self._lease.claim = (self._decoded.id, self._owner)
        try:
            events = await self._failed_events(reason, claimed, context)
        except LeaseLost:
            raise
        except Exception as broken:
            self._log.error("event.failed_hook_broken", error=describe(broken), exc_info=broken)
            await desk.store.release(self._decoded.id, self._worker, self._owner, counted=True, error=reason)
            return Back(desk.backoff.delay_s(claimed.attempt))
        finally:
            self._lease.claim = None
        self._lease.check()
        if not await desk.store.fail(self._decoded.id, self._worker, self._owner, reason, events):
            raise LeaseLost(f"event {self._decoded.id} passed to another worker before it was given up")
        self._ended("failed")
        trace = None if isinstance(error, Poison) else error
        self._log.error("event.failed", reason=reason, attempt=claimed.attempt, emitted=types(events), exc_info=trace)
        verdict = Verdict(reason, type(error).__name__, claimed.attempt, self._decoded.id, stack_hash(error))
        return await self._bury(verdict, events)

    def _ended(self, outcome: Outcome) -> None:
        self._desk.meter.handled(self._decoded.event.type, outcome, self._handler_s)

    async def _failed_events(self, reason: str, claimed: Claimed, context: Context) -> list[StoredEvent]:
        desk = self._desk
        if claimed.attempt > 2 * desk.limits.max_attempts:
            return []  # its ``failed`` never came to an end either; a run's sweep finds the item missing
        emitted = await self._lease.run(desk.worker.failed(self._decoded.event, reason, context))
        return desk.outbox.prepare(f"{self._decoded.id}/failed", emitted)

    async def _bury(self, verdict: Verdict, events: list[StoredEvent]) -> list[StoredEvent]:
        """What follows the mark; a repeated delivery takes it up where a crash left it."""
        desk = self._desk
        await desk.dead_letters.bury(self._lease.message, self._body, verdict)
        await desk.store.dead_lettered(self._decoded.id, self._worker)
        return events
