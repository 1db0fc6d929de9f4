"""What truly happened: kept outside of every process, written at the table itself and by the toy handlers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from schemas.event import Event
from schemas.events import ArmPredicted, ComparisonDue
from shared.clock import Clock
from shared.runtime.worker import Emitted
from shared.store.ports import Item
from shared.testing.simulation.process import Process
from shared.testing.table import MemoryTable

SKEW_S = 2.0
"""By how much two processes' clocks may differ, at most; so much a lease may be taken over too early."""

MOVES = {
    (None, "in_progress"), ("released", "in_progress"), ("in_progress", "in_progress"), ("in_progress", "released"),
    ("in_progress", "completed"), ("completed", "completed"), ("in_progress", "failed"), ("failed", "failed"),
}  # fmt: skip
"""What may become of a record's status."""
ENDED, MARKS = ("completed", "failed"), {"published": None, "dead_lettered": None}
"""What has ended changes no more, but for its marks."""

Key = tuple[str, str]
"""Worker and event id."""


@dataclass
class Running:
    """One run of a handler."""

    process: Process
    since: float


class Ledger:
    """Facts, and the promises that they break the moment they do. ``overlap_s`` is how long the handler of a lost
    lease may still run beside the new owner's before it must have been stopped; those of ``repeatable`` workers, which
    keep no records, may run beside each other. ``seen`` is how often what happened."""

    def __init__(self, clock: Clock, overlap_s: float, repeatable: frozenset[str] = frozenset()) -> None:
        self._clock = clock
        self._overlap_s = overlap_s
        self._repeatable = repeatable
        self.seen: Counter[str] = Counter()
        self.violations: list[str] = []
        self.contents: dict[Key, Event] = {}
        self.completed: Counter[Key] = Counter()
        self.removed: Counter[Key] = Counter()
        self._closers: dict[Event, str] = {}
        self._running: dict[Key, list[Running]] = {}

    def saw(self, action: str) -> None:
        self.seen[action] += 1

    def broken(self, what: str) -> None:
        self.violations.append(what)

    @contextmanager
    def handling(self, process: Process, worker: str, event_id: str, event: Event) -> Iterator[None]:
        """Around every run of a handler. A killed process never leaves it."""
        key = (worker, event_id)
        self.contents[key] = event
        run = Running(process, self._clock.now())
        runs = self._running.setdefault(key, [])
        runs.append(run)
        try:
            yield
        finally:
            runs.remove(run)
            if worker not in self._repeatable:
                self._judge_overlap(key, run, runs)

    @property
    def handles(self) -> bool:
        """Whether a handler runs in a process that lives, be it frozen."""
        return any(not run.process.killed for runs in self._running.values() for run in runs)

    def _judge_overlap(self, key: Key, ended: Running, others: list[Running]) -> None:
        """A younger run beside this one began when this one's lease had ended: it should soon have been stopped.

        Unless the younger is the one that was overtaken: its process froze between its claim and its handler.
        """
        now = self._clock.now()
        for other in others:
            if other.process.frozen or other.process.disturbed_at >= ended.since:
                continue
            beside = now - max(other.since, ended.process.disturbed_at)
            if other.since > ended.since and beside > self._overlap_s and not ended.process.frozen:
                self.broken(f"{key}: two handlers ran beside each other for {beside:.0f} s")

    def closings(self, event_id: str, emitted: Emitted) -> None:
        """The handler of an event has emitted this."""
        for event in emitted:
            if (
                isinstance(event, ArmPredicted | ComparisonDue)
                and self._closers.setdefault(event, event_id) != event_id
            ):
                self.saw("fanin.second_finder")

    def begins(self, process: Process) -> None:
        """A process begins a delivery: not while it is throttled."""
        since, until = process.throttled
        if since < (now := process.clock.now()) < until:
            self.broken(f"{process.name} began a delivery though it was throttled for {until - now:.1f} s more")

    def record_changed(self, before: Item | None, after: Item) -> None:
        """Sees every write of an idempotency record."""
        key = (str(after["worker"]), str(after["event_id"]))
        if before is not None and before["status"] == "in_progress" and after["owner"] != before["owner"]:
            left = float(before["lease_until"]) - self._clock.now()
            if left > SKEW_S:
                self.broken(f"{key}: two live leases, the elder with {left:.0f} s left")
        was = None if before is None else before["status"]
        if after.get("published") and before is not None and not before.get("published"):
            self.saw("event.marked_as_published")
        if (was, after["status"]) not in MOVES:
            self.broken(f"{key}: {after['status']} after it was {was}")
        if after["status"] == "completed" != was:
            self.completed[key] += 1
        if before is not None and was in ENDED and {**before, **MARKS} != {**after, **MARKS}:
            self.broken(f"{key}: {was} and its events stored twice")

    def record_removed(self, record: Item) -> None:
        """A redriven event is handled anew."""
        key = (str(record["worker"]), str(record["event_id"]))
        self.completed.pop(key, None)
        self.removed[key] += 1

    def effects(self, worker: str) -> Counter[Event]:
        """How many different events of the same content a worker has completed."""
        return Counter(self.contents[key] for key in self.completed if key[0] == worker)


class WatchedTable(MemoryTable):
    """The table, its idempotency records watched."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger

    def _write(self, item: Item) -> None:
        if item["pk"].startswith("event#"):
            self._ledger.record_changed(self._read(item["pk"], item["sk"]), item)
        super()._write(item)

    async def delete(self, pk: str, sk: str) -> None:
        if pk.startswith("event#") and (record := self._read(pk, sk)) is not None:
            self._ledger.record_removed(record)
        await super().delete(pk, sk)
