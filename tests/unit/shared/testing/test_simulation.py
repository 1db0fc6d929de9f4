"""The runtime keeps its promises through thousands of random schedules, and the simulation sees when it does not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from schemas.event import Event
from shared.runtime.message import Message
from shared.runtime.outbox import Outbox
from shared.runtime.queue import Outcomes
from shared.store.idempotency import IdempotencyStore
from shared.store.ports import Item
from shared.testing.simulation.__main__ import main
from shared.testing.simulation.schedule import Verdict, Wired, simulate
from shared.testing.simulation.wire import WiredQueue

BLOCKS, BLOCK = 40, 50
"""Two thousand schedules, in blocks that several processes of pytest share."""
WITHIN = 60
"""Seeds in which every mutation must be found."""


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_schedule_keeps_every_promise(block: int) -> None:
    broken = [verdict for seed in range(block * BLOCK, (block + 1) * BLOCK) if (verdict := simulate(seed)).problems]
    assert not broken, "\n".join(str(verdict) for verdict in broken)


def test_a_seed_decides_all_that_happens() -> None:
    def trace(seed: int) -> list[str]:
        told: list[str] = []
        simulate(seed, lambda action, **values: told.append(f"{action} {values}"))
        return told

    assert trace(7) == trace(7) != trace(8)


def test_a_failing_seed_prints_how_to_replay_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Verdict(3, ["lost: an event"], 60.0)
    monkeypatch.setattr("shared.testing.simulation.__main__.simulate", lambda *_: broken)
    assert main(["--schedules", "1", "--from", "3"]) == 1
    assert "python -m shared.testing.simulation --seed 3 --verbose" in capsys.readouterr().out


def test_a_kept_promise_exits_with_0_and_verbose_tells_what_happens(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "3", "--verbose"]) == 0
    assert "process.started" in capsys.readouterr().out


# The runtime with a mistake in it, made at the ports where one can; the simulation must find each.


def found(words: str, wired: Wired = WiredQueue) -> Verdict:
    """The first verdict that says so, within the seeds allowed."""
    for seed in range(1, WITHIN + 1):
        verdict = simulate(seed, wired=wired)
        if any(words in problem for problem in verdict.problems):
            return verdict
    raise AssertionError(f"none of {WITHIN} schedules saw: {words}")


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


@pytest.mark.parametrize(
    ("wired", "words"),
    [
        (DeletedAtOnce, "lost"), (DropsPartOfABatch, "lost"), (NeverGivesBack, "invisible"),
    ],
)  # fmt: skip
def test_a_queue_client_with_a_mistake_is_found(wired: Wired, words: str) -> None:
    assert "--seed" in found(words, wired).replay


def test_a_lost_lease_that_is_ignored_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def renewed(*_: Any) -> bool:
        return True

    monkeypatch.setattr(IdempotencyStore, "renew", renewed)
    found("two handlers ran beside each other", DeafToLostLeases)


def test_a_claim_in_spite_of_a_live_lease_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settled = IdempotencyStore._settled

    async def careless(self: IdempotencyStore, record: Item, payload_hash: str) -> Any:
        return await settled(self, {**record, "lease_until": 0}, payload_hash)

    monkeypatch.setattr(IdempotencyStore, "_settled", careless)
    found("two live leases")


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
