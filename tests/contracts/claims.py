"""The contract of the idempotency store over any ``Table``: who may work on an event, whatever answers get lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from schemas.envelope import Envelope
from schemas.events import PredictionsReady
from shared.store.idempotency import Busy, Claimed, Completed, Conflict, Failed, IdempotencyStore, Outcome
from shared.store.ports import Table
from shared.store.stored_events import EventArchive, StoredEvent
from shared.testing import MemoryObjectStore
from tests.contracts.lossy import LossyTable

Case = Callable[[Table], Awaitable[None]]

START = 1_700_000_000.25


class Claims:
    """One event's record, the clock of those who claim it, and the wire between. ``id`` keeps cases apart."""

    def __init__(self, table: Table, id: str) -> None:
        self.now = START
        self.wire = LossyTable(table)
        self.store = IdempotencyStore(self.wire, EventArchive(MemoryObjectStore()), lambda: self.now)
        self.key = (id, "scorer")

    async def claim(self, owner: str, payload: str = "payload") -> Outcome:
        return await self.store.claim(*self.key, payload, owner, 30)

    async def complete(self, owner: str) -> bool:
        return await self.store.complete(*self.key, owner, emitted())

    async def taken_over(self, by: str) -> Outcome:
        """Somebody else claims the event after its lease has run out."""
        self.now += 31
        return await self.claim(by)


def emitted() -> list[StoredEvent]:
    event = PredictionsReady(run="r", arm="a", shard=0)
    envelope = Envelope.wrap(event, id="1", source="/groundtune/test", time=datetime(2026, 1, 1, tzinfo=UTC))
    return [StoredEvent(envelope=envelope)]


async def a_lease_keeps_others_out_until_it_ends(table: Table) -> None:
    claims = Claims(table, "lease")
    assert await claims.claim("a") == Claimed(1, START)
    assert await claims.claim("b") == Busy(30)
    assert await claims.claim("b", payload="other") == Conflict()
    assert await claims.taken_over("b") == Claimed(2, START)
    assert not await claims.complete("a")
    assert await claims.complete("b")
    assert await claims.claim("c") == Completed(emitted())


async def a_claim_whose_answer_was_lost_is_granted(table: Table) -> None:
    claims = Claims(table, "lost-create")
    claims.wire.lose("create")
    assert await claims.claim("a") == Claimed(1, START)
    assert await claims.claim("b") == Busy(30)


async def a_take_over_whose_answer_was_lost_is_granted_and_one_attempt(table: Table) -> None:
    claims = Claims(table, "lost-replace")
    await claims.claim("a")
    await claims.store.release(*claims.key, "a", counted=True, error="a bug")
    claims.wire.lose("replace")
    assert await claims.claim("b") == Claimed(2, START, 1, "a bug")
    assert await claims.claim("c") == Busy(30)


async def a_lost_claim_that_another_took_over_meanwhile_is_not_granted(table: Table) -> None:
    claims = Claims(table, "lost-and-taken")
    claims.wire.lose("create", between=lambda: claims.taken_over("b"))
    assert await claims.claim("a") == Busy(30)


async def a_completion_whose_answer_was_lost_has_succeeded(table: Table) -> None:
    claims = Claims(table, "lost-complete")
    await claims.claim("a")
    claims.wire.lose("update")
    assert await claims.complete("a")
    assert await claims.complete("a")
    assert not await claims.complete("b")
    assert await claims.claim("c") == Completed(emitted())


async def a_failure_whose_answer_was_lost_has_succeeded(table: Table) -> None:
    claims = Claims(table, "lost-fail")
    await claims.claim("a")
    claims.wire.lose("update")
    assert await claims.store.fail(*claims.key, "a", "why", emitted())
    assert not await claims.complete("a")
    assert isinstance(await claims.claim("c"), Busy)  # until its owner has had the time to bury it
    await claims.store.dead_lettered(*claims.key)
    assert await claims.claim("c") == Failed(emitted(), "why", dead_lettered=True)


async def a_release_whose_answer_was_lost_has_succeeded_once(table: Table) -> None:
    claims = Claims(table, "lost-release")
    await claims.claim("a")
    claims.wire.lose("update")
    assert await claims.store.release(*claims.key, "a", counted=False)
    assert await claims.claim("b") == Claimed(1, START, 1, None)


async def a_release_whose_record_was_claimed_meanwhile_is_refused(table: Table) -> None:
    claims = Claims(table, "lost-release-taken")
    await claims.claim("a")
    claims.wire.lose("update", between=lambda: claims.claim("b"))
    assert not await claims.store.release(*claims.key, "a", counted=True)
    assert await claims.claim("c") == Busy(30)


async def a_completion_costs_no_read_unless_it_is_refused(table: Table) -> None:
    claims = Claims(table, "reads")
    await claims.claim("a")
    assert await claims.complete("a") and claims.wire.reads == 0
    assert not await claims.complete("b") and claims.wire.reads == 1


async def only_a_completed_event_is_marked_as_published(table: Table) -> None:
    claims = Claims(table, "published")
    await claims.store.published(*claims.key)
    assert await claims.claim("a") == Claimed(1, START)
    await claims.store.published(*claims.key)
    await claims.complete("a")
    assert await claims.claim("b") == Completed(emitted(), published=False)
    await claims.store.published(*claims.key)
    await claims.store.published(*claims.key)
    assert await claims.claim("b") == Completed(emitted(), published=True)
    assert await claims.complete("a")


async def a_forgotten_event_is_published_anew(table: Table) -> None:
    claims = Claims(table, "forgotten")
    await claims.claim("a")
    await claims.complete("a")
    await claims.store.published(*claims.key)
    await claims.store.forget(*claims.key)
    assert await claims.claim("b") == Claimed(1, START)
    await claims.complete("b")
    assert await claims.claim("c") == Completed(emitted(), published=False)


CASES: list[Case] = [
    a_lease_keeps_others_out_until_it_ends, a_claim_whose_answer_was_lost_is_granted,
    a_take_over_whose_answer_was_lost_is_granted_and_one_attempt,
    a_lost_claim_that_another_took_over_meanwhile_is_not_granted, a_completion_whose_answer_was_lost_has_succeeded,
    a_failure_whose_answer_was_lost_has_succeeded, a_release_whose_answer_was_lost_has_succeeded_once,
    a_release_whose_record_was_claimed_meanwhile_is_refused, a_completion_costs_no_read_unless_it_is_refused,
    only_a_completed_event_is_marked_as_published, a_forgotten_event_is_published_anew,
]  # fmt: skip
