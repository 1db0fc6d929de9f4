"""Events as they are kept with an idempotency record, to be emitted again word for word after a crash."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from schemas.base import Model
from schemas.envelope import Envelope
from shared.store import keys
from shared.store.ports import Item, ObjectStore

INLINE_EVENTS = 100
INLINE_BYTES = 300_000
"""Of the 400 KB that a DynamoDB item may have."""


class StoredEvent(Model):
    """An envelope and the Unix time before which it must not be delivered (None: at once)."""

    envelope: Envelope
    not_before: float | None = None


_LIST = TypeAdapter(list[StoredEvent])


class EventArchive:
    """Keeps the events of a record inside it, or in S3 when they are many or big."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def store(self, worker: str, event_id: str, events: Sequence[StoredEvent]) -> Item:
        """The attributes that let ``load`` find the events again."""
        body = _LIST.dump_json(list(events))
        if len(events) <= INLINE_EVENTS and len(body) <= INLINE_BYTES:
            return {"events": body.decode(), "events_key": None}
        key = keys.stored_events(worker, event_id, body)
        await self._objects.put(key, body, content_type="application/json")
        return {"events": None, "events_key": key}

    async def load(self, record: Item) -> list[StoredEvent]:
        """The events of a record. Raises KeyError when their object is gone."""
        if record.get("events_key"):
            return _LIST.validate_json(await self._objects.get(record["events_key"]))
        return _LIST.validate_json(record["events"])
