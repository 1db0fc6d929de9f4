"""Metrics that are worked out when they are asked for: ratios of what was counted, and what is the case just now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from shared.observe.families import Families
from shared.observe.metrics import Occupancy


class Present:
    """What is the case at one queue; None where nobody has said it yet."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self.occupancy: Callable[[], Occupancy] | None = None
        self.backlog_messages: int | None = None
        self.backlog_s: float | None = None


class Derived:
    """A Prometheus collector. What is unknown has no sample, rather than a false zero."""

    def __init__(self, families: Families, presents: Iterable[Present]) -> None:
        self._families = families
        self._presents = presents

    def describe(self) -> list[Metric]:
        return list(_gauges().values())

    def collect(self) -> Iterator[Metric]:
        gauges = _gauges()
        settled, receives = _by_queue(self._families.settled), _by_queue(self._families.receives)
        _ratio(gauges["empty_receive_ratio"], _by_queue(self._families.empty_receives), receives)
        _ratio(gauges["billed_requests_per_message"], _by_queue(self._families.billed), settled)
        for present in list(self._presents):
            for name, value in _current(present).items():
                if value is not None:
                    gauges[name].add_metric([present.queue], value)
        yield from gauges.values()


def _gauges() -> dict[str, GaugeMetricFamily]:
    says = {
        "empty_receive_ratio": "Empty receives by receives, since the process started.",
        "billed_requests_per_message": "Billed requests by settled messages, since the process started.",
        "messages_running": "Messages whose handler runs.",
        "messages_waiting": "Messages in hand that wait for their turn.",
        "concurrency_limit": "Handlers that may run at once.",
        "backlog_messages": "Messages that wait or are in other workers' hands.",
        "backlog_seconds": "Seconds that this worker alone would need for the backlog.",
    }
    return {name: GaugeMetricFamily(f"groundtune_{name}", text, labels=["queue"]) for name, text in says.items()}


def _current(present: Present) -> dict[str, float | None]:
    backlog = {"backlog_messages": present.backlog_messages, "backlog_seconds": present.backlog_s}
    if present.occupancy is None:
        return backlog
    now = present.occupancy()
    occupancy = {"messages_running": now.running, "messages_waiting": now.waiting, "concurrency_limit": now.limit}
    return {**backlog, **occupancy}


def _by_queue(counter: Counter) -> dict[str, float]:
    totals: dict[str, float] = {}
    for metric in counter.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                queue = sample.labels["queue"]
                totals[queue] = totals.get(queue, 0.0) + sample.value
    return totals


def _ratio(gauge: GaugeMetricFamily, parts: dict[str, float], wholes: dict[str, float]) -> None:
    for queue, whole in wholes.items():
        if whole:
            gauge.add_metric([queue], parts.get(queue, 0.0) / whole)
