"""The measurements of a process, for Prometheus: one registry, one meter a queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar, get_args

from prometheus_client import CollectorRegistry
from prometheus_client.process_collector import ProcessCollector

from shared.observe.derived import Derived, Present
from shared.observe.families import Families
from shared.observe.metrics import Moment, Occupancy, Outcome, Way

M = TypeVar("M")

MOST_CHILDREN = 100
"""Label values of one metric and queue: what a bug makes up (a task's number) must not fill Prometheus's memory."""
UNKNOWN, OTHER = "unknown", "other"


class Prometheus:
    """Measurements of one process: ``registry`` is what its endpoint shows, memory and CPU of the process included."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._families = Families(self.registry)
        self._meters: dict[str, QueueMeter] = {}
        self._presents: list[Present] = []
        self.registry.register(Derived(self._families, self._presents))
        ProcessCollector(registry=self.registry)

    def meter(self, queue: str, types: Iterable[str] = ()) -> QueueMeter:
        """The meter of this queue: the same for the same name. ``types``: of the events that it consumes."""
        if queue not in self._meters:
            present = Present(queue)
            self._presents.append(present)
            self._meters[queue] = QueueMeter(self._families, present, types)
        return self._meters[queue]


class QueueMeter:
    """A ``Meter``. Its label ``queue`` is bound once, other labels once for each value they have."""

    def __init__(self, families: Families, present: Present, types: Iterable[str]) -> None:
        queue = present.queue
        self._present = present
        self._received = families.received.labels(queue)
        self._receives = families.receives.labels(queue)
        self._empty_receives = families.empty_receives.labels(queue)
        self._queued_s = families.queued_s.labels(queue)
        self._lag_s = families.lag_s.labels(queue)
        self._events = _Children(families.events.labels, queue)
        self._handler_s = _Children(families.handler_s.labels, queue)
        self._margin_s = _Children(families.margin_s.labels, queue)
        self._leases_lost = _Children(families.leases_lost.labels, queue)
        self._billed = _Children(families.billed.labels, queue)
        self._settled = _Children(families.settled.labels, queue)
        self._blocked = _Children(families.blocked.labels, queue)
        self._blocked_s = _Children(families.blocked_s.labels, queue)
        self._begin_at_zero(types)

    def _begin_at_zero(self, types: Iterable[str]) -> None:
        # Prometheus sees no increase in a series that begins with its first event: the first failure would be missed
        for kind in (*types, UNKNOWN):
            for outcome in get_args(Outcome):
                self._events.of(kind, outcome)
        for way in get_args(Way):
            self._settled.of(way)

    def received(self, messages: int) -> None:
        self._receives.inc()
        if messages:
            self._received.inc(messages)
        else:
            self._empty_receives.inc()

    def started(self, queued_s: float) -> None:
        # clocks differ: ours may be behind the one that stamped the message
        self._queued_s.observe(max(queued_s, 0.0))

    def handled(self, event_type: str | None, outcome: Outcome, seconds: float | None = None) -> None:
        kind = UNKNOWN if event_type is None else event_type
        self._events.of(kind, outcome).inc()
        if seconds is not None:
            self._handler_s.of(kind, outcome).observe(seconds)

    def lease_margin(self, moment: Moment, seconds: float) -> None:
        self._margin_s.of(moment).observe(seconds)

    def lease_lost(self, code: str) -> None:
        self._leases_lost.of(code).inc()

    def billed(self, operation: str, requests: int = 1) -> None:
        self._billed.of(operation).inc(requests)

    def settled(self, way: Way, messages: int = 1) -> None:
        self._settled.of(way).inc(messages)

    def loop_lag(self, seconds: float) -> None:
        self._lag_s.observe(seconds)

    def blocked(self, handler: str, seconds: float) -> None:
        self._blocked.of(handler).inc()
        self._blocked_s.of(handler).inc(seconds)

    def backlog(self, messages: int, seconds: float | None) -> None:
        self._present.backlog_messages, self._present.backlog_s = messages, seconds

    def occupied(self, read: Callable[[], Occupancy]) -> None:
        self._present.occupancy = read


class _Children(Generic[M]):
    """The children of a metric at one queue, kept by their labels: looking one up there costs more than counting."""

    def __init__(self, labels: Callable[..., M], queue: str) -> None:
        self._labels = labels
        self._queue = queue
        self._made: dict[tuple[str, ...], M] = {}

    def of(self, *labels: str) -> M:
        child = self._made.get(labels)
        return self._make(labels) if child is None else child

    def _make(self, labels: tuple[str, ...]) -> M:
        if len(self._made) >= MOST_CHILDREN:
            return self._labels(self._queue, *(OTHER for _ in labels))
        return self._made.setdefault(labels, self._labels(self._queue, *labels))
