"""The runtime with a mistake in it: the simulation must find each, within so many seeds."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.base import canonical_json
from schemas.event import Event
from schemas.events import RunEvent
from shared.runtime.flow import Flow
from shared.runtime.lease import Lease
from shared.runtime.leases import LeaseTable, Renewals
from shared.runtime.message import Message
from shared.runtime.outbox import Outbox
from shared.runtime.pause import Pause
from shared.runtime.queue import Outcomes, QueueClient, Refused
from shared.runtime.settler import Settler
from shared.runtime.waiting import set_within
from shared.store.fanin import FanIn
from shared.store.idempotency import IdempotencyStore
from shared.store.ports import Item
from shared.testing.simulation.schedule import Verdict, simulate
from shared.testing.simulation.wired import WiredQueue
from shared.testing.simulation.world import Wired

WITHIN = 60
RARE = 200
"""For mistakes that need a coincidence: two or three schedules in a hundred have it."""


def found(words: str, wired: Wired = WiredQueue, *, within: int = WITHIN) -> Verdict:
    """The first verdict that says so."""
    for seed in range(1, within + 1):
        verdict = simulate(seed, wired=wired)
        if any(words in problem for problem in verdict.problems):
            return verdict
    raise AssertionError(f"none of {within} schedules saw: {words}")


# at the queue


class DeletedAtOnce(WiredQueue):
    """Acknowledges what it has received before anything is done about it."""

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        messages = await super().receive(limit, wait_s, visibility_s)
        if messages:
            await self._queue.delete([message.receipt for message in messages])
        return messages


class NeverGivesBack(WiredQueue):
    """Only renews; what is given back stays invisible."""

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        if all(seconds == 0 for _, seconds in changes):
            return [None] * len(changes)
        return await super().change_visibility(changes)


class DropsPartOfABatch(WiredQueue):
    """Takes a partly failed batch for a sent one."""

    async def send(self, messages: Any) -> Outcomes:
        await super().send(messages)
        return [None] * len(messages)


class DeafToLostLeases(WiredQueue):
    """Never hears that a lease is lost."""

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        await super().change_visibility(changes)
        return [None] * len(changes)


class CountsFromTheAnswer(WiredQueue):
    """Believes that a message's visibility begins when its receive has answered."""

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        messages = await super().receive(limit, wait_s, visibility_s)
        deadline = self._wire.process.clock.now() + visibility_s
        return [replace(message, deadline=deadline) for message in messages]


@pytest.mark.parametrize(
    ("wired", "words"),
    [
        (DeletedAtOnce, "lost"), (DropsPartOfABatch, "lost"), (NeverGivesBack, "invisible"),
        (CountsFromTheAnswer, "lost its lease"),
    ],
)  # fmt: skip
def test_a_queue_client_with_a_mistake_is_found(wired: Wired, words: str) -> None:
    assert "--seed" in found(words, wired).replay


# leases


def test_a_lost_lease_that_is_ignored_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def renewed(*_: Any) -> bool:
        return True

    monkeypatch.setattr(IdempotencyStore, "renew", renewed)
    found("two handlers ran beside each other", DeafToLostLeases)


def test_a_lost_lease_that_still_acknowledges_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    guarded = Flow._guarded

    async def unguarded(self: Flow, lease: Lease, work: Coroutine[Any, Any, Any]) -> Any:
        result = await guarded(self, lease, work)
        return [] if result is None else result

    monkeypatch.setattr(Flow, "_guarded", unguarded)
    found("lost", within=RARE)


def test_a_renewal_counted_from_its_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    change = LeaseTable._change

    async def counted_late(self: LeaseTable, queue: QueueClient, leases: Sequence[Lease]) -> None:
        asked = self._clock.now()
        before = {lease: lease.deadline for lease in leases}
        await change(self, queue, leases)
        took = self._clock.now() - asked
        for lease in leases:
            if lease.deadline != before[lease]:
                lease.deadline, lease.renew_at = lease.deadline + took, lease.renew_at + took

    monkeypatch.setattr(LeaseTable, "_change", counted_late)
    found("lost its lease")


def test_renewing_only_shortly_before_the_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LeaseTable, "_half", lambda self, deadline: deadline - 0.05 * self._visibility_s)
    found("lost its lease")


def test_a_heartbeat_that_waits_for_each_of_its_calls_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def one_by_one(self: LeaseTable, renewals: Renewals) -> None:
        woken, loop = asyncio.Event(), asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(woken.set)
        while True:
            woken.clear()
            await set_within(self._clock, self._until_turn(), woken)
            for batch in self._batches_due(self._clock.now()):
                await self._renew(renewals, batch)

    monkeypatch.setattr(LeaseTable, "run", one_by_one)
    found("lost its lease", within=RARE)


def test_a_message_received_again_whose_new_receipt_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    added = LeaseTable._added

    def dropped(self: LeaseTable, message: Message, renew_at: float) -> Lease | None:
        there = self._leases.get(message.id)
        return None if there is not None and not there.lost else added(self, message, renew_at)

    monkeypatch.setattr(LeaseTable, "_added", dropped)
    found("run out", within=RARE)


def test_giving_back_beside_a_renewal_under_way_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def removed(self: LeaseTable, lease: Lease) -> None:
        self.forget(lease)

    monkeypatch.setattr(LeaseTable, "remove", removed)
    found("hid again what it had given back")


def test_throttling_that_holds_nothing_up_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pause, "hold", lambda self, seconds: None)
    found("though it was throttled")


def test_deletes_that_are_neither_tried_again_nor_remembered_are_seen_in_what_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def repeated() -> int:
        return sum(simulate(seed).seen["delivery.repeated"] for seed in range(1, WITHIN + 1))

    def forgotten(self: Settler, lease: Lease, attempt: int, refused: Refused | None) -> None:
        """No promise is broken, since every message may come again: there is only more work."""

    sound = repeated()
    monkeypatch.setattr(Settler, "_deleted", forgotten)
    assert repeated() > 1.5 * sound


# records


def test_a_claim_in_spite_of_a_live_lease_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settled = IdempotencyStore._settled

    async def careless(self: IdempotencyStore, record: Item, payload_hash: str) -> Any:
        return await settled(self, {**record, "lease_until": 0}, payload_hash)

    monkeypatch.setattr(IdempotencyStore, "_settled", careless)
    found("two live leases")


def test_changes_of_a_record_that_ask_nobody_whose_it_is_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unasked(self: IdempotencyStore, event_id: str, worker: str, owner: str, values: Item) -> bool:
        return await self._table.update(f"event#{worker}#{event_id}", "claim", values)

    monkeypatch.setattr(IdempotencyStore, "_change", unasked)
    found("after it was")


def test_a_completion_without_an_ownership_check_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unasked(self: IdempotencyStore, event_id: str, worker: str, owner: str, events: Any) -> bool:
        stored = await self._archive.store(worker, event_id, events)
        values = {"status": "completed", "finished_at": self._now(), **stored}
        return await self._table.update(f"event#{worker}#{event_id}", "claim", values)

    monkeypatch.setattr(IdempotencyStore, "complete", unasked)
    found("owned it", within=RARE)


def test_publishing_random_ids_before_completing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    complete, outboxes = IdempotencyStore.complete, _outboxes(monkeypatch)

    def random_id(event: Event, *, cause: str, ordinal: int) -> str:
        return str(uuid.uuid4())

    async def published_first(self: IdempotencyStore, event_id: str, worker: str, owner: str, events: Any) -> bool:
        await outboxes[worker].publish(events)
        return await complete(self, event_id, worker, owner, events)

    monkeypatch.setattr("shared.runtime.outbox.event_id", random_id)
    monkeypatch.setattr(IdempotencyStore, "complete", published_first)
    found("effects of")


def _outboxes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Outbox]:
    """The latest outbox of each worker."""
    made: dict[str, Outbox] = {}
    init: Callable[..., None] = Outbox.__init__

    def remembered(self: Outbox, worker: str, *rest: Any) -> None:
        init(self, worker, *rest)
        made[worker] = self

    monkeypatch.setattr(Outbox, "__init__", remembered)
    return made


def test_events_that_are_not_published_again_after_a_crash_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settled = IdempotencyStore._settled

    async def forgetful(self: IdempotencyStore, record: Item, payload_hash: str) -> Any:
        outcome = await settled(self, record, payload_hash)
        if outcome is not None and hasattr(outcome, "events"):
            outcome.events.clear()
        return outcome

    monkeypatch.setattr(IdempotencyStore, "_settled", forgetful)
    found("lost")


# fan-in and revisions


def test_a_closing_event_emitted_on_the_first_try_only_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def first_only(self: FanIn, group: str, item: str, outcome: str = "done", *, by: str) -> bool:
        pk = f"fanin#{group}"
        new = await self._table.count_once(pk, f"item#{item}", {"outcome": outcome, "by": by}, "count#0000")
        return new and (await self.progress(group)).complete

    monkeypatch.setattr(FanIn, "record_closes", first_only)
    found("lost", within=RARE)


def test_a_redrive_that_takes_no_failure_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(self: FanIn, group: str, items: Any) -> list[str]:
        return []

    monkeypatch.setattr(FanIn, "take_back", nothing)
    found("lost: revision")


def test_revisions_whose_events_bear_the_same_ids_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(self: RunEvent) -> str:
        return canonical_json(self.model_dump(mode="json", exclude={"revision"}))

    monkeypatch.setattr(RunEvent, "identity", same)
    found("lost: revision")
