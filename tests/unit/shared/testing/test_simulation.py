"""The runtime keeps its promises through thousands of random schedules in which all that can go wrong does."""

from __future__ import annotations

from collections import Counter

import pytest

from shared.testing.simulation.__main__ import main
from shared.testing.simulation.many import cores, play
from shared.testing.simulation.schedule import Verdict, simulate

SCHEDULES = 2000

MET = {
    "adversary.delay": 300, "adversary.drain": 1000, "adversary.duplicate": 1000, "adversary.expose": 1000,
    "adversary.freeze": 1000, "adversary.kill": 800, "adversary.set_clock": 300, "call.error": 6000,
    "call.freeze": 1000, "call.kill_after": 250, "call.kill_before": 250, "call.lost": 5000,
    "call.partly_failed": 10_000, "call.twice": 1000, "delivery.busy": 10_000, "delivery.lost": 700,
    "delivery.repeated": 30_000, "event.failed": 600, "event.marked_as_published": 500,
    "fanin.second_finder": 600, "handler.throttled": 1000,
    "job.seen_by_poll_and_event": 600, "lease.lost": 1000, "lease.received_again": 350, "lease.renewal_failed": 2000,
    "message.deleted_unrun": 1000, "message.started_over": 150, "person.redrives": 80, "person.revises": 180,
    "process.second_signal": 200, "queue.over_limit": 5000, "room.concurrency_raised": 5000,
    "room.leased_places_used": 15_000, "schedule.consumers_in_one_process": 150, "schedule.dozens_of_shards": 80,
    "schedule.gentle": 150, "schedule.slow": 100, "schedule.tuned_concurrency": 120,
    "schedule.workers_without_records": 150,
}  # fmt: skip
"""What happens at least so often in the two thousand schedules: half as often as when this was written."""


def test_two_thousand_schedules_keep_every_promise_and_meet_every_hazard() -> None:
    broken, seen = list[Verdict](), Counter[str]()
    for verdict in play(range(SCHEDULES), cores()):
        seen += verdict.seen
        if verdict.problems:
            broken.append(verdict)
    assert not broken, "\n".join(map(str, broken))
    assert {action: seen[action] for action, least in MET.items() if seen[action] < least} == {}


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
    monkeypatch.setattr("shared.testing.simulation.__main__.play", lambda *_: [broken])
    assert main(["--schedules", "1", "--from", "3"]) == 1
    assert "python -m shared.testing.simulation --seed 3 --verbose" in capsys.readouterr().out


def test_kept_promises_exit_with_0_and_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schedules", "2", "--from", "3", "--processes", "1", "--count"]) == 0
    told = capsys.readouterr().out
    assert "2 schedules, 0 of them broke a promise" in told and "process.started" in told


def test_verbose_tells_all_that_happens_in_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "3", "--verbose"]) == 0
    assert "at=0.0 process=" in capsys.readouterr().out


def test_what_a_plain_callback_raises_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("in a callback")

    monkeypatch.setattr("shared.runtime.batcher.Batcher.settle_down", broken)
    assert any("in a callback" in problem for problem in simulate(3).problems)
