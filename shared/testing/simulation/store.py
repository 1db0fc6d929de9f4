"""The idempotency store of one process, each completion compared with who truly owned the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.store.idempotency import IdempotencyStore
from shared.store.ports import Table
from shared.store.stored_events import EventArchive, StoredEvent
from shared.testing.simulation.ledger import Ledger


class OwnedStore(IdempotencyStore):
    """The real store; ``truth`` is the table as it is, without a wire between."""

    def __init__(
        self, table: Table, archive: EventArchive, now: Callable[[], float], truth: Table, ledger: Ledger
    ) -> None:
        super().__init__(table, archive, now)
        self._truth = truth
        self._ledger = ledger

    async def complete(self, event_id: str, worker: str, owner: str, events: Sequence[StoredEvent]) -> bool:
        completed = await super().complete(event_id, worker, owner, events)
        record = await self._truth.get(f"event#{worker}#{event_id}", "claim")
        # a redrive may have removed the record in the meantime
        if completed and record is not None and record["owner"] != owner:
            self._ledger.broken(f"({worker}, {event_id}): completed by {owner}, but {record['owner']} owned it")
        return completed
