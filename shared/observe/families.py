"""Every metric of a worker process that is counted as it happens, by its Prometheus name, all labelled by queue.

Named as Prometheus asks (base units, ``_total``), and where OpenTelemetry's messaging conventions have the same
measurement its name stands beside it: label ``queue`` is ``messaging.destination.name``, ``operation`` is
``messaging.operation.name``, ``outcome`` and ``code`` say what ``error.type`` says.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0
HANDLER_S = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, SECOND, 2.5, 5, 10, 30, MINUTE, 5 * MINUTE, 15 * MINUTE,
    HOUR,
)  # fmt: skip
QUEUED_S = (0.01, 0.05, 0.1, 0.5, SECOND, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR)
MARGIN_S = (0, 0.5, SECOND, 2, 5, 10, 15, 20, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR)
"""The first bucket holds what came too late."""
LAG_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, SECOND, 2.5, 5, 10, 30, MINUTE)


class Families:
    """Registers them in ``registry``."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, says: str, *labels: str) -> Counter:
            return Counter(f"groundtune_{name}", says, ("queue", *labels), registry=registry)

        def histogram(name: str, says: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"groundtune_{name}", says, ("queue", *labels), buckets=buckets, registry=registry)

        # messaging.client.consumed.messages
        self.received = counter("messages_received_total", "Messages received.")
        self.receives = counter("receives_total", "Receives that were answered.")
        self.empty_receives = counter("empty_receives_total", "Receives answered without a message.")
        self.events = counter("events_total", "Deliveries of events by how they ended.", "type", "outcome")
        # messaging.process.duration
        self.handler_s = histogram("handler_seconds", "Seconds that handlers ran.", HANDLER_S, "type", "outcome")
        self.queued_s = histogram("time_in_queue_seconds", "Seconds from a message's sending to its start.", QUEUED_S)
        self.margin_s = histogram("lease_margin_seconds", "Seconds left of a lease when it was used.", MARGIN_S, "at")
        self.leases_lost = counter("leases_lost_total", "Leases that passed to somebody else, by code.", "code")
        self.billed = counter("billed_requests_total", "Requests that SQS bills, by operation.", "operation")
        self.settled = counter("messages_settled_total", "Messages settled, by how.", "way")
        self.lag_s = histogram("loop_lag_seconds", "Seconds that the main loop took to answer a ping.", LAG_S)
        self.blocked = counter("loop_blocked_total", "Times that a handler blocked the main loop.", "handler")
        self.blocked_s = counter("loop_blocked_seconds_total", "Seconds that it was blocked.", "handler")
