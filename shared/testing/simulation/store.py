"""The idempotency store of one consumer, each completion told to the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.store.idempotency import IdempotencyStore
from shared.store.ports import Table
from shared.store.stored_events import EventArchive, StoredEvent
from shared.store.unrecorded import Unrecorded
from shared.testing.simulation.ledger import Ledger


class OwnedStore(IdempotencyStore):
    """The real store, each completion compared with who truly owned the record; ``truth`` is the table as it is,
    without a wire between."""

    def __init__(
        self, table: Table, archive: EventArchive, now: Callable[[], float], truth: Table, ledger: Ledger
    ) -> None:
        super().__init__(table, archive, now)
        self._truth = truth
        self._ledger = ledger

    async def complete(self, event_id: str, worker: str, owner: str, events: Sequence[StoredEvent]) -> bool:
        removed = self._ledger.removed[worker, event_id]
        completed = await super().complete(event_id, worker, owner, events)
        record = await self._truth.get(f"event#{worker}#{event_id}", "claim")
        if self._ledger.removed[worker, event_id] != removed:
            return completed  # a redrive has removed the record meanwhile; the next is somebody else's
        if completed and record is not None and record["owner"] != owner:
            self._ledger.broken(f"({worker}, {event_id}): completed by {owner}, but {record['owner']} owned it")
        return completed


class CountedStore(Unrecorded):
    """The real store of a worker whose effects repeat without harm: there are no records that could tell."""

    def __init__(self, now: Callable[[], float], ledger: Ledger) -> None:
        super().__init__(now)
        self._ledger = ledger

    async def complete(self, event_id: str, worker: str, owner: str, events: Sequence[StoredEvent]) -> bool:
        self._ledger.completed[worker, event_id] += 1
        return await super().complete(event_id, worker, owner, events)
