"""Messages that are done with, yet could not be deleted: their redelivery shall be deleted unrun.

This process knows them by their ids; the records of their events tell the others.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from shared.runtime.lease import Lease
from shared.runtime.policy import describe
from shared.store.idempotency import IdempotencyStore

REMEMBERED = 10_000
"""Messages remembered here; the oldest is forgotten first."""


class Undeleted:
    """The marks of one worker's queue."""

    def __init__(self, worker: str, store: IdempotencyStore, log: Any) -> None:
        self._worker = worker
        self._store = store
        self._log = log
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._marking: set[asyncio.Task[None]] = set()

    def add(self, lease: Lease) -> None:
        """The lease's message was published and not deleted."""
        self._ids[lease.message.id] = None
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        task = asyncio.create_task(self._mark(lease.events))
        self._marking.add(task)
        task.add_done_callback(self._marking.discard)

    def take(self, message_id: str) -> bool:
        """Whether the message is one of them; it is forgotten then."""
        return self._ids.pop(message_id, self) is None

    async def _mark(self, events: list[str]) -> None:
        for event_id in events:
            try:
                await self._store.published(event_id, self._worker)
            except Exception as error:
                # only a saving: without the mark the redelivery sends the stored events again
                self._log.warning("event.unmarked", event_id=event_id, error=describe(error))
