from __future__ import annotations

import pytest
from prometheus_client import generate_latest

from shared.observe.metrics import Meter, Occupancy, Silent
from shared.observe.prometheus import MOST_CHILDREN, Prometheus
from shared.runtime.billing import billed_units

QUEUE = "groundtune-scorer"


def value(process: Prometheus, name: str, queue: str = QUEUE, **labels: str) -> float | None:
    return process.registry.get_sample_value(f"groundtune_{name}", {"queue": queue, **labels})


def feed(meter: Meter) -> None:
    """One of everything."""
    meter.received(10)
    meter.received(0)
    meter.started(3.0)
    meter.handled("a.v1", "completed", 0.2)
    meter.lease_margin("renewed", 14.0)
    meter.lease_margin("settled", -1.0)
    meter.lease_lost("ReceiptHandleIsInvalid")
    meter.billed("ReceiveMessage", 3)
    meter.billed("DeleteMessageBatch")
    meter.settled("deleted", 9)
    meter.settled("given_back")
    meter.loop_lag(0.004)
    meter.blocked("a.v1", 2.5)
    meter.backlog(120, 60.0)
    meter.occupied(lambda: Occupancy(running=3, waiting=7, limit=4))


def test_everything_that_is_fed_is_found_under_its_name_and_queue() -> None:
    process = Prometheus()
    feed(process.meter(QUEUE))
    found = {
        "messages_received_total": value(process, "messages_received_total"),
        "receives_total": value(process, "receives_total"),
        "empty_receives_total": value(process, "empty_receives_total"),
        "time_in_queue_seconds_sum": value(process, "time_in_queue_seconds_sum"),
        "events_total": value(process, "events_total", type="a.v1", outcome="completed"),
        "handler_seconds_sum": value(process, "handler_seconds_sum", type="a.v1", outcome="completed"),
        "lease_margin_seconds_sum": value(process, "lease_margin_seconds_sum", at="renewed"),
        "leases_lost_total": value(process, "leases_lost_total", code="ReceiptHandleIsInvalid"),
        "billed_requests_total": value(process, "billed_requests_total", operation="ReceiveMessage"),
        "messages_settled_total": value(process, "messages_settled_total", way="deleted"),
        "loop_lag_seconds_count": value(process, "loop_lag_seconds_count"),
        "loop_blocked_total": value(process, "loop_blocked_total", handler="a.v1"),
        "loop_blocked_seconds_total": value(process, "loop_blocked_seconds_total", handler="a.v1"),
        "messages_running": value(process, "messages_running"),
        "messages_waiting": value(process, "messages_waiting"),
        "concurrency_limit": value(process, "concurrency_limit"),
        "backlog_messages": value(process, "backlog_messages"),
        "backlog_seconds": value(process, "backlog_seconds"),
    }
    assert found == {
        "messages_received_total": 10, "receives_total": 2, "empty_receives_total": 1, "time_in_queue_seconds_sum": 3.0,
        "events_total": 1, "handler_seconds_sum": 0.2, "lease_margin_seconds_sum": 14.0, "leases_lost_total": 1,
        "billed_requests_total": 3, "messages_settled_total": 9, "loop_lag_seconds_count": 1, "loop_blocked_total": 1,
        "loop_blocked_seconds_total": 2.5, "messages_running": 3, "messages_waiting": 7, "concurrency_limit": 4,
        "backlog_messages": 120, "backlog_seconds": 60.0,
    }  # fmt: skip


def test_ratios_are_worked_out_of_all_operations_and_ways() -> None:
    process = Prometheus()
    feed(process.meter(QUEUE))
    assert value(process, "empty_receive_ratio") == 0.5
    assert value(process, "billed_requests_per_message") == 0.4


def test_what_is_unknown_has_no_sample() -> None:
    process = Prometheus()
    meter = process.meter(QUEUE)
    assert value(process, "empty_receive_ratio") is None
    assert value(process, "billed_requests_per_message") is None
    assert value(process, "messages_running") is None
    meter.backlog(5, None)
    assert (value(process, "backlog_messages"), value(process, "backlog_seconds")) == (5, None)


def test_an_occupancy_is_read_when_it_is_asked_for() -> None:
    process = Prometheus()
    running = [1]
    process.meter(QUEUE).occupied(lambda: Occupancy(running[0], waiting=0, limit=4))
    assert value(process, "messages_running") == 1
    running[0] = 2
    assert value(process, "messages_running") == 2


def test_a_lease_settled_too_late_falls_into_the_first_bucket() -> None:
    process = Prometheus()
    process.meter(QUEUE).lease_margin("settled", -0.5)
    process.meter(QUEUE).lease_margin("settled", 0.1)
    assert value(process, "lease_margin_seconds_bucket", at="settled", le="0.0") == 1


def test_an_event_without_a_run_of_its_handler_is_counted_but_not_timed() -> None:
    process = Prometheus()
    process.meter(QUEUE).handled(None, "poison")
    assert value(process, "events_total", type="unknown", outcome="poison") == 1
    assert value(process, "handler_seconds_count", type="unknown", outcome="poison") is None


def test_series_that_alerts_watch_begin_at_zero_before_anything_happens() -> None:
    process = Prometheus()
    process.meter(QUEUE, ["a.v1"])
    assert value(process, "events_total", type="a.v1", outcome="failed") == 0
    assert value(process, "events_total", type="unknown", outcome="poison") == 0
    assert value(process, "messages_settled_total", way="deleted") == 0


def test_a_message_from_a_clock_ahead_of_ours_waited_no_time() -> None:
    process = Prometheus()
    process.meter(QUEUE).started(-3.0)
    assert value(process, "time_in_queue_seconds_sum") == 0.0


def test_names_without_end_are_counted_together() -> None:
    process = Prometheus()
    for n in range(MOST_CHILDREN + 50):
        process.meter(QUEUE).blocked(f"Task-{n}", 1.0)
    process.meter(QUEUE).blocked("Task-0", 1.0)
    assert value(process, "loop_blocked_total", handler="other") == 50
    assert value(process, "loop_blocked_total", handler="Task-0") == 2
    assert value(process, "loop_blocked_total", handler=f"Task-{MOST_CHILDREN}") is None


def test_queues_are_kept_apart_and_processes_too() -> None:
    process, other = Prometheus(), Prometheus()
    process.meter("a").received(1)
    process.meter("b").received(2)
    assert process.meter("a") is process.meter("a")
    assert (value(process, "messages_received_total", "a"), value(process, "messages_received_total", "b")) == (1, 2)
    assert value(other, "messages_received_total", "a") is None


def test_the_exposition_holds_the_process_and_every_metric_in_seconds_or_total_or_a_plain_count() -> None:
    process = Prometheus()
    feed(process.meter(QUEUE))
    text = generate_latest(process.registry).decode()
    assert "process_resident_memory_bytes" in text
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE groundtune_")]
    assert len(names) == len(set(names))
    counters = [line.split()[2] for line in text.splitlines() if line.endswith(" counter")]
    assert all(name.endswith("_total") for name in counters)


def test_a_silent_meter_takes_everything() -> None:
    feed(Silent())


@pytest.mark.parametrize(
    ("payload_bytes", "requests"),
    [(0, 1), (1, 1), (65_536, 1), (65_537, 2), (131_072, 2), (1_048_576, 16)],
)
def test_each_64_kib_of_a_call_is_a_billed_request(payload_bytes: int, requests: int) -> None:
    assert billed_units(payload_bytes) == requests
