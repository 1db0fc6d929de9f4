"""The idempotency contract without records: for workers whose effects are idempotent by themselves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from shared.store.idempotency import Claimed, IdempotencyStore, Outcome
from shared.store.stored_events import StoredEvent

REMEMBERED = 10_000
"""Events that failed and are to come again, counted in this process's memory; the oldest is forgotten first."""


class Unrecorded(IdempotencyStore):
    """Grants every claim and writes nothing; ``now`` gives Unix seconds.

    Attempts are counted per process: a fleet may start an event ``max_attempts`` times in each. A process that dies
    forgets; the queue's own receive count is what then ends a message that kills whoever takes it.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failed: OrderedDict[str, Claimed] = OrderedDict()

    async def claim(self, event_id: str, worker: str, payload_hash: str, owner: str, lease_s: float) -> Outcome:
        before = self._failed.get(event_id)
        return Claimed(1, self._now()) if before is None else replace(before, attempt=before.attempt + 1)

    async def renew(self, event_id: str, worker: str, owner: str, lease_s: float) -> bool:
        return True

    async def complete(self, event_id: str, worker: str, owner: str, events: Sequence[StoredEvent]) -> bool:
        self._failed.pop(event_id, None)
        return True

    async def release(self, event_id: str, worker: str, owner: str, *, counted: bool, error: str | None = None) -> bool:
        before = self._failed.pop(event_id, None) or Claimed(0, self._now())
        self._failed[event_id] = replace(
            before, attempt=before.attempt + counted, retries=before.retries + 1, last_error=error
        )
        if len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)
        return True

    async def fail(self, event_id: str, worker: str, owner: str, error: str, events: Sequence[StoredEvent]) -> bool:
        self._failed.pop(event_id, None)
        return True

    async def published(self, event_id: str, worker: str) -> None:
        """Nothing to note."""

    async def dead_lettered(self, event_id: str, worker: str) -> None:
        """Nothing to note."""

    async def given_up(self, event_id: str, worker: str) -> bool:
        return False

    async def forget(self, event_id: str, worker: str) -> None:
        self._failed.pop(event_id, None)
