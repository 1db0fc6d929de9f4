from __future__ import annotations

import pytest

from schemas.envelope import Envelope
from schemas.events import PredictionsReady
from shared.store.idempotency import Busy, Claimed, Completed, Conflict, Failed, IdempotencyStore
from shared.store.stored_events import EventArchive, StoredEvent
from shared.testing import FakeClock, MemoryObjectStore, MemoryTable
from tests.unit.shared.runtime.world import enveloped

E, W, P = "event", "scorer", "payload"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def objects() -> MemoryObjectStore:
    return MemoryObjectStore()


@pytest.fixture
def store(clock: FakeClock, objects: MemoryObjectStore) -> IdempotencyStore:
    return IdempotencyStore(MemoryTable(), EventArchive(objects), clock.now)


def events(count: int, status: str = "x") -> list[StoredEvent]:
    made = [PredictionsReady(run=status, arm="a", shard=n) for n in range(count)]
    envelopes = [Envelope.model_validate_json(enveloped(event, str(n))) for n, event in enumerate(made)]
    return [StoredEvent(envelope=envelope) for envelope in envelopes]


async def test_the_first_claim_is_attempt_one(store: IdempotencyStore, clock: FakeClock) -> None:
    assert await store.claim(E, W, P, "a", 30) == Claimed(1, clock.now())


async def test_a_running_lease_keeps_others_out_until_it_ends(store: IdempotencyStore, clock: FakeClock) -> None:
    begun = clock.now()
    await store.claim(E, W, P, "a", 30)
    await clock.advance(10)
    assert await store.claim(E, W, P, "b", 30) == Busy(20)
    await clock.advance(20)
    assert await store.claim(E, W, P, "b", 30) == Claimed(2, begun)


async def test_a_renewed_lease_lasts_longer(store: IdempotencyStore, clock: FakeClock) -> None:
    await store.claim(E, W, P, "a", 30)
    await clock.advance(20)
    assert await store.renew(E, W, "a", 30)
    assert await store.claim(E, W, P, "b", 30) == Busy(30)


async def test_only_the_owner_may_complete_renew_release_and_fail(store: IdempotencyStore, clock: FakeClock) -> None:
    await store.claim(E, W, P, "a", 30)
    await clock.advance(31)
    await store.claim(E, W, P, "b", 30)
    assert not await store.complete(E, W, "a", [])
    assert not await store.renew(E, W, "a", 30)
    assert not await store.release(E, W, "a", counted=True)
    assert not await store.fail(E, W, "a", "why", [])
    assert await store.complete(E, W, "b", [])


@pytest.mark.parametrize("count", [0, 1, 100, 101])
async def test_a_completed_event_gives_its_events_back(store: IdempotencyStore, count: int) -> None:
    await store.claim(E, W, P, "a", 30)
    await store.complete(E, W, "a", events(count))
    assert await store.claim(E, W, P, "b", 30) == Completed(events(count))


async def test_events_over_300_kb_lie_in_s3(store: IdempotencyStore, objects: MemoryObjectStore) -> None:
    await store.claim(E, W, P, "a", 30)
    big = events(2, status="x" * 200_000)
    await store.complete(E, W, "a", big)
    assert len(objects.contents) == 1
    assert await store.claim(E, W, P, "b", 30) == Completed(big)


async def test_the_same_id_with_another_payload_is_a_conflict_in_every_state(store: IdempotencyStore) -> None:
    await store.claim(E, W, P, "a", 30)
    assert await store.claim(E, W, "other", "b", 30) == Conflict()
    await store.complete(E, W, "a", [])
    assert await store.claim(E, W, "other", "b", 30) == Conflict()


async def test_an_uncounted_release_gives_the_attempt_back(store: IdempotencyStore, clock: FakeClock) -> None:
    begun = clock.now()
    await store.claim(E, W, P, "a", 30)
    await store.release(E, W, "a", counted=False, error="throttled")
    assert await store.claim(E, W, P, "b", 30) == Claimed(1, begun, 1, "throttled")
    await store.release(E, W, "b", counted=True, error="bug")
    assert await store.claim(E, W, P, "c", 30) == Claimed(2, begun, 2, "bug")


async def test_a_failed_event_stays_failed_until_it_is_forgotten(store: IdempotencyStore, clock: FakeClock) -> None:
    await store.claim(E, W, P, "a", 30)
    await store.fail(E, W, "a", "why", events(1))
    assert await store.claim(E, W, P, "b", 30) == Busy(30)  # its owner is about to bury it
    await clock.advance(31)
    assert await store.claim(E, W, P, "b", 30) == Failed(events(1), "why", dead_lettered=False)
    await store.dead_lettered(E, W)
    assert await store.claim(E, W, P, "b", 30) == Failed(events(1), "why", dead_lettered=True)
    await store.forget(E, W)
    assert await store.claim(E, W, P, "b", 30) == Claimed(1, clock.now())


async def test_two_workers_keep_apart_records_of_one_event(store: IdempotencyStore, clock: FakeClock) -> None:
    await store.claim(E, "scorer", P, "a", 30)
    assert await store.claim(E, "inference", P, "b", 30) == Claimed(1, clock.now())
