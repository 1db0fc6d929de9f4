from __future__ import annotations

from shared.testing import FakeClock
from shared.testing.simulation.ledger import Ledger, WatchedTable

KEY = ("event#scorer#e", "claim")
RECORD = {
    "pk": KEY[0], "sk": KEY[1], "worker": "scorer", "event_id": "e", "owner": "a", "lease_until": 0,
    "status": "in_progress",
}  # fmt: skip
DONE = {**RECORD, "status": "completed", "finished_at": 1.5, "events": "[]"}


async def test_an_event_completed_twice_is_a_broken_promise_and_one_marked_as_published_is_not() -> None:
    ledger = Ledger(FakeClock(), overlap_s=1)
    table = WatchedTable(ledger)
    await table.put(RECORD)
    await table.put(DONE)
    await table.update(*KEY, {"published": True}, expected={"status": "completed"})
    assert ledger.violations == [] and ledger.completed["scorer", "e"] == 1
    await table.put({**DONE, "owner": "b"})
    assert ledger.violations == ["('scorer', 'e'): completed and its events stored twice"]


async def test_what_was_given_up_or_given_back_is_not_completed() -> None:
    ledger = Ledger(FakeClock(), overlap_s=1)
    table = WatchedTable(ledger)
    await table.put(RECORD)
    await table.put({**RECORD, "status": "released"})
    await table.put(DONE)
    assert ledger.violations == ["('scorer', 'e'): completed after it was released"]
