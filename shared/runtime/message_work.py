"""The work that one message holds: its events, delivered one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite

from shared.errors import Poison
from shared.runtime.claimcheck import checked_in, checked_out
from shared.runtime.deadletter import Verdict
from shared.runtime.decode import Decoded, Item, Undecodable, decode
from shared.runtime.delivery import Back, Delivery, Desk, Result
from shared.runtime.lease import Lease
from shared.runtime.message import Message, Outgoing
from shared.runtime.outbox import NOT_BEFORE
from shared.store.ports import ObjectStore
from shared.store.stored_events import StoredEvent
from shared.topology import Queue


class MessageWork:
    """Opens messages of one queue and delivers what they hold. ``stopping``: nothing new is begun."""

    def __init__(self, desk: Desk, topic: Queue, objects: ObjectStore, stopping: Callable[[], bool]) -> None:
        self._desk = desk
        self._topic = topic
        self._objects = objects
        self._stopping = stopping
        self._log = desk.log

    def early_s(self, message: Message) -> float:
        """Seconds until a message whose delay is longer than SQS carries may be delivered."""
        due = message.attributes.get(NOT_BEFORE)
        try:
            early = 0.0 if due is None else float(due.value) - self._desk.clock.now()
        except ValueError:
            return 0.0
        return early if isfinite(early) else 0.0

    async def do(self, lease: Lease) -> Result:
        """What all events emit when all are done, else when the message must come again. Events that were done before
        it went back say the same again then."""
        items = await self._items(lease.message)
        events: list[StoredEvent] = []
        backs: list[Back] = []
        for item in items:
            if self._stopping():
                return Back(0)
            result = await self._deliver(lease, item, items)
            if isinstance(result, Back):
                backs.append(result)
            else:
                events += result
        return min(backs, key=lambda back: back.delay_s) if backs else events

    async def _items(self, message: Message) -> list[Item]:
        try:
            body = await checked_out(message, self._objects)
        except Poison as error:
            return [Undecodable(error.reason, message.body)]
        items = decode(body)
        if not items:
            self._log.info("message.nothing_to_do", message_id=message.id)
        return items

    async def _deliver(self, lease: Lease, item: Item, items: Sequence[Item]) -> Result:
        # a message of one event goes to the dead-letter queue as it came, claim check and all
        body = lease.message.body if len(items) == 1 else item.body
        if isinstance(item, Decoded) and item.event.type not in self._topic.consumes:
            mine = f"{self._topic.worker}, which takes {', '.join(self._topic.consumes)}"
            item = Undecodable(f"events of type {item.event.type} are not for {mine}", body, item.id)
        if isinstance(item, Undecodable):
            await self._bury(lease.message, item, body)
            return []
        return await Delivery(self._desk, lease, item, body).run()

    async def _bury(self, message: Message, item: Undecodable, body: str) -> None:
        self._desk.meter.handled(None, "poison")
        known = {} if item.id is None else {"event_id": item.id}
        self._log.error("message.poison", message_id=message.id, reason=item.reason, **known)
        # a body that fills a message leaves no room for the reason
        kept = await checked_in(Outgoing(body, message.attributes), self._objects)
        verdict = Verdict(item.reason, "Poison", message.receive_count)
        await self._desk.dead_letters.bury(replace(message, attributes=kept.attributes), kept.body, verdict)
