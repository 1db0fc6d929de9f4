from __future__ import annotations

from shared.testing import FakeClock
from shared.testing.simulation.ledger import Ledger, WatchedTable

RECORD = {
    "pk": "event#scorer#e", "sk": "claim", "worker": "scorer", "event_id": "e", "owner": "a", "lease_until": 0,
    "status": "completed",
}  # fmt: skip


async def test_an_event_completed_twice_is_a_broken_promise_and_one_marked_as_published_is_not() -> None:
    ledger = Ledger(FakeClock(), overlap_s=1)
    table = WatchedTable(ledger)
    await table.put(RECORD)
    await table.update("event#scorer#e", "claim", {"published": True}, expected={"status": "completed"})
    assert ledger.violations == [] and ledger.completed["scorer", "e"] == 1
    await table.put({**RECORD, "owner": "b"})
    assert ledger.violations == ["('scorer', 'e'): completed and its events stored twice"]
