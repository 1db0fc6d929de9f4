"""The outbox: what a handler returned becomes envelopes with deterministic ids, and each goes where it is consumed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from schemas.envelope import Envelope
from schemas.event import event_id
from shared.clock import Clock
from shared.errors import Retryable
from shared.observe.tracing import TRACEPARENT, current_traceparent
from shared.runtime.backoff import Backoff
from shared.runtime.bus import Bus
from shared.runtime.claimcheck import checked_in
from shared.runtime.message import Attribute, Outgoing
from shared.runtime.queue import BATCH, MAX_DELAY_S, QueueClient
from shared.runtime.sender import Sender
from shared.runtime.tenant import tenant
from shared.runtime.worker import Delayed, Emitted
from shared.store.ports import ObjectStore
from shared.store.stored_events import StoredEvent
from shared.topology import Topology

NOT_BEFORE = "groundtune.not-before"
"""Attribute of a message whose delay is longer than SQS carries: Unix seconds."""

# SQS takes no message with these two, and JSON leaves them as they are
_ESCAPED = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}


class Outbox:
    """Sends a worker's events. ``queues`` holds the queue of every worker by its name."""

    def __init__(
        self, worker: str, topology: Topology, queues: Mapping[str, QueueClient], bus: Bus, objects: ObjectStore,
        clock: Clock, backoff: Backoff,
    ) -> None:  # fmt: skip
        self._source = f"/groundtune/{worker}"
        self._topology = topology
        self._bus = bus
        self._objects = objects
        self._clock = clock
        self._upstream: Callable[[], bool] = lambda: False
        self._senders = {
            name: Sender(queue, clock, backoff, lambda: self._upstream()) for name, queue in queues.items()
        }

    def lingers_while(self, upstream: Callable[[], bool]) -> None:
        """Events wait a moment for those of other deliveries while ``upstream`` says that some are under way."""
        self._upstream = upstream

    def settle_down(self) -> None:
        """A delivery has ended: what waited for its events need not wait when it was the last."""
        for sender in self._senders.values():
            sender.settle_down()

    def prepare(self, cause: str, emitted: Emitted) -> list[StoredEvent]:
        """Envelopes of what the handling of event ``cause`` emitted: the same ids however often it is handled."""
        now = self._clock.now()
        return [self._wrapped(cause, ordinal, entry, now) for ordinal, entry in enumerate(emitted)]

    async def publish(self, events: Sequence[StoredEvent]) -> None:
        """Returns when every event is confirmed by its queue or the bus. Raises Retryable when one is not."""
        by_worker: dict[str | None, list[StoredEvent]] = {}
        for event in events:
            consumer = self._topology.consumer_of(event.envelope.type)
            by_worker.setdefault(None if consumer is None else consumer.worker, []).append(event)
        if len(by_worker) == 1:
            # at once, not in a task of its own: deliveries that end together shall send together
            return await self._send(*by_worker.popitem())
        # every group is tried whatever becomes of the others: all of it is sent again if one fails
        sent = await asyncio.gather(*(self._send(*group) for group in by_worker.items()), return_exceptions=True)
        for failed in sent:
            if failed is not None:
                raise failed

    async def _send(self, worker: str | None, events: Sequence[StoredEvent]) -> None:
        if worker is None:
            await self._announce([event.envelope for event in events])
        else:
            await self._senders[worker].send([await self._outgoing(event) for event in events])

    def _wrapped(self, cause: str, ordinal: int, entry: object, now: float) -> StoredEvent:
        delayed = entry if isinstance(entry, Delayed) else None
        event = delayed.event if delayed is not None else entry
        envelope = Envelope.wrap(
            event, id=event_id(event, cause=cause, ordinal=ordinal), source=self._source,  # type: ignore[arg-type]
            time=datetime.fromtimestamp(now, UTC), cause=cause, traceparent=current_traceparent(),
        )  # fmt: skip
        return StoredEvent(envelope=envelope, not_before=None if delayed is None else now + delayed.seconds)

    async def _outgoing(self, event: StoredEvent) -> Outgoing:
        body = event.envelope.model_dump_json(exclude_none=True)
        if not body.isascii():
            body = body.translate(_ESCAPED)
        left = 0.0 if event.not_before is None else max(0.0, event.not_before - self._clock.now())
        attributes = {NOT_BEFORE: Attribute(repr(event.not_before), "Number")} if left > MAX_DELAY_S else {}
        if event.envelope.traceparent:
            attributes[TRACEPARENT] = Attribute(event.envelope.traceparent)
        consumer = self._topology.consumer_of(event.envelope.type)
        group = tenant(event.envelope.data) if consumer is not None and consumer.fair else None
        message = Outgoing(body, attributes, delay_s=min(round(left), MAX_DELAY_S), group=group)
        return await checked_in(message, self._objects)

    async def _announce(self, envelopes: Sequence[Envelope]) -> None:
        for start in range(0, len(envelopes), BATCH):
            outcomes = await self._bus.put(envelopes[start : start + BATCH])
            for refused in outcomes:
                if refused is not None:
                    raise Retryable(f"the event bus refused an event ({refused.code}: {refused.message})")


def types(emitted: Iterable[StoredEvent]) -> list[str]:
    """Their types, for a log record."""
    return [event.envelope.type for event in emitted]
