"""The idempotency store: who works on an event, how often it was started, and what it emitted when done.

    (no record) ──claim──► in_progress ──complete──► completed
                             │      ▲
                          release   └──claim── (lease run out)
                             ▼      │
                          released ─┘          any of them ──fail──► failed ──forget──► (no record)

Every change is a conditional write on the owner, a token made for one delivery: a worker that lost its lease
cannot complete, renew or release what another one works on. Expired items are removed by the table's TTL.

A write whose answer is lost is sent again, by the SDK or by us, and is then refused because of its own first try. So
whoever is refused looks whether the record is its own already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.store.ports import Item, Table
from shared.store.stored_events import EventArchive, StoredEvent

KEEP_S = 30 * 24 * 3600
"""Longer than any queue or dead-letter queue keeps a message (14 days)."""


@dataclass(frozen=True)
class Claimed:
    """The event is ours. ``attempt`` counts the starts that count, ``retries`` those given back without counting."""

    attempt: int
    first_claimed_at: float
    retries: int = 0
    last_error: str | None = None


@dataclass(frozen=True)
class Busy:
    """Another delivery of the event is being worked on; its lease ends in ``remaining_s``."""

    remaining_s: float


@dataclass(frozen=True)
class Completed:
    """The event was handled; this is what it emitted. ``published``: all of it is with its queues already."""

    events: list[StoredEvent]
    published: bool = False


@dataclass(frozen=True)
class Failed:
    """The event was given up. ``dead_lettered`` False: that it is in the dead-letter queue is not confirmed."""

    events: list[StoredEvent]
    error: str
    dead_lettered: bool


@dataclass(frozen=True)
class Conflict:
    """Another event came under the same id: the message is poison, the record stays as it is."""


Outcome = Claimed | Busy | Completed | Failed | Conflict


class IdempotencyStore:
    """Records by worker and event id, in the partition ``event#<worker>#<event id>``. ``now`` gives Unix seconds."""

    def __init__(self, table: Table, archive: EventArchive, now: Callable[[], float]) -> None:
        self._table = table
        self._archive = archive
        self._now = now

    async def claim(self, event_id: str, worker: str, payload_hash: str, owner: str, lease_s: float) -> Outcome:
        """Takes the event for ``owner`` unless it is done, given up, or held by another whose lease still runs."""
        fresh = self._record(event_id, worker, payload_hash, owner, lease_s)
        while True:
            there = await self._table.create(fresh)
            if there is None:
                return _claimed(fresh)
            if there["owner"] == owner and there["status"] == "in_progress":
                return _claimed(there)
            settled = await self._settled(there, payload_hash)
            if settled is not None:
                return settled
            again = {**there, **_claim(owner, self._now() + lease_s), "attempts": int(there["attempts"]) + 1}
            if await self._table.replace(again, expected=_version(there)):
                return _claimed(again)

    async def renew(self, event_id: str, worker: str, owner: str, lease_s: float) -> bool:
        """Pushes the lease; False when it is no longer the owner's."""
        return await self._change(event_id, worker, owner, {"lease_until": self._now() + lease_s})

    async def complete(self, event_id: str, worker: str, owner: str, events: Sequence[StoredEvent]) -> bool:
        """Marks the event done together with what it emitted; False (nothing written) when not the owner's."""
        stored = await self._archive.store(worker, event_id, events)
        return await self._end(event_id, worker, owner, {"status": "completed", "finished_at": self._now(), **stored})

    async def published(self, event_id: str, worker: str) -> None:
        """Notes that the handled event's events are with their queues, so that a redelivery need not send them again.

        For a message whose delete failed; one that was deleted needs no note.
        """
        await self._table.update(*_key(event_id, worker), {"published": True}, expected={"status": "completed"})

    async def release(self, event_id: str, worker: str, owner: str, *, counted: bool, error: str | None = None) -> bool:
        """Gives the event back. An uncounted start does not use up one of its attempts."""
        record = await self._table.get(*_key(event_id, worker))
        if record is None or record["owner"] != owner:
            return False
        attempts, retries = int(record["attempts"]), int(record["retries"])
        values = {
            "status": "released", "lease_until": 0, "last_error": error,
            "attempts": attempts if counted else attempts - 1, "retries": retries + 1,
        }  # fmt: skip
        return await self._end(event_id, worker, owner, values)

    async def fail(self, event_id: str, worker: str, owner: str, error: str, events: Sequence[StoredEvent]) -> bool:
        """Marks the event as given up together with what that emitted; False when not the owner's."""
        stored = await self._archive.store(worker, event_id, events)
        values = {"status": "failed", "finished_at": self._now(), "last_error": error, "dead_lettered": False, **stored}
        return await self._end(event_id, worker, owner, values)

    async def dead_lettered(self, event_id: str, worker: str) -> None:
        """Notes that the given-up event has reached the dead-letter queue."""
        await self._table.update(*_key(event_id, worker), {"dead_lettered": True}, expected={"status": "failed"})

    async def given_up(self, event_id: str, worker: str) -> bool:
        """Whether the worker has given the event up and recorded what failed with it."""
        record = await self._table.get(*_key(event_id, worker))
        return record is not None and record["status"] == "failed"

    async def forget(self, event_id: str, worker: str) -> None:
        """Removes the record, so that a redriven message is handled anew."""
        await self._table.delete(*_key(event_id, worker))

    async def _settled(self, record: Item, payload_hash: str) -> Outcome | None:
        """What the record says without a claim; None when the event may be taken."""
        if record["payload"] != payload_hash:
            return Conflict()
        if record["status"] == "completed":
            return Completed(await self._archive.load(record), bool(record.get("published")))
        remaining = float(record["lease_until"]) - self._now()
        if record["status"] == "failed":
            if remaining > 0 and not record["dead_lettered"]:
                return Busy(remaining)  # who gave it up is about to bury it
            events = await self._archive.load(record)
            return Failed(events, str(record["last_error"]), bool(record["dead_lettered"]))
        return Busy(remaining) if remaining > 0 else None

    async def _end(self, event_id: str, worker: str, owner: str, values: Item) -> bool:
        """The owner's last change. A refusal is looked into: the first of two tries may have made it."""
        if await self._change(event_id, worker, owner, values):
            return True
        record = await self._table.get(*_key(event_id, worker))
        return record is not None and record["owner"] == owner and record["status"] == values["status"]

    async def _change(self, event_id: str, worker: str, owner: str, values: Item) -> bool:
        expected = {"owner": owner, "status": "in_progress"}
        return await self._table.update(*_key(event_id, worker), values, expected=expected)

    def _record(self, event_id: str, worker: str, payload_hash: str, owner: str, lease_s: float) -> Item:
        now = self._now()
        pk, sk = _key(event_id, worker)
        return {
            "pk": pk, "sk": sk, "worker": worker, "event_id": event_id, "payload": payload_hash, "attempts": 1,
            "retries": 0, "first_claimed_at": now, "expires": int(now + KEEP_S), **_claim(owner, now + lease_s),
        }  # fmt: skip


def _claimed(record: Item) -> Claimed:
    attempts, retries = int(record["attempts"]), int(record["retries"])
    return Claimed(attempts, float(record["first_claimed_at"]), retries, record.get("last_error"))


def _claim(owner: str, lease_until: float) -> dict[str, Any]:
    return {"status": "in_progress", "owner": owner, "lease_until": lease_until}


def _version(record: Item) -> dict[str, Any]:
    """What must be unchanged for a take-over: the owner who held it, and that the owner has not moved since."""
    return {name: record[name] for name in ("owner", "status", "lease_until", "attempts")}


def _key(event_id: str, worker: str) -> tuple[str, str]:
    return f"event#{worker}#{event_id}", "claim"
