from __future__ import annotations

import pytest

from shared.observe.backlog import MEMORY_S, Rate, backlog, backlog_s

LIMIT = 4


def work(rate: Rate, seconds: float, messages: int) -> None:
    for _ in range(messages):
        rate.ended(seconds, finished=True)


@pytest.mark.parametrize("seconds", [0.001, 1.0, MEMORY_S, 100 * MEMORY_S])
@pytest.mark.parametrize("messages", [1, 3, 500])
def test_the_rate_is_slots_by_seconds_from_the_first_message_on(seconds: float, messages: int) -> None:
    rate = Rate(LIMIT)
    work(rate, seconds, messages)
    assert rate.per_s() == pytest.approx(LIMIT / seconds)


def test_short_and_long_messages_count_as_often_as_they_come() -> None:
    rate = Rate(LIMIT)
    for _ in range(1000):
        work(rate, 0.1, 1)
        work(rate, 1.9, 1)
    assert rate.per_s() == pytest.approx(LIMIT / 1.0, rel=0.01)


def test_the_rate_is_unknown_until_a_message_ends_and_0_until_one_is_finished() -> None:
    rate = Rate(LIMIT)
    assert rate.per_s() is None
    rate.ended(10.0, finished=False)
    assert rate.per_s() == 0.0


def test_messages_that_took_no_time_say_nothing() -> None:
    rate = Rate(LIMIT)
    rate.ended(0.0, finished=True)
    rate.ended(-1.0, finished=True)  # a wall clock was set back
    assert rate.per_s() is None


@pytest.mark.parametrize(("before", "after"), [(1.0, 10.0), (10.0, 1.0)])
def test_a_change_is_believed_after_a_few_minutes_of_work(before: float, after: float) -> None:
    rate = Rate(LIMIT)
    work(rate, before, 1000)
    work(rate, after, round(5 * MEMORY_S * LIMIT / after))
    assert rate.per_s() == pytest.approx(LIMIT / after, rel=0.1)


def test_messages_that_come_again_cost_time_and_are_not_done() -> None:
    rate = Rate(LIMIT)
    for n in range(1000):
        rate.ended(1.0, finished=n % 2 == 0)
    assert rate.per_s() == pytest.approx(LIMIT / 2, rel=0.01)


def test_more_slots_make_a_faster_worker_at_once() -> None:
    rate = Rate(LIMIT)
    work(rate, 1.0, 10)
    rate.limit = 2 * LIMIT
    assert rate.per_s() == pytest.approx(2 * LIMIT)


@pytest.mark.parametrize(
    ("visible", "in_flight", "ours", "messages"),
    [
        (0, 0, 0, 0),
        (100, 0, 0, 100),
        (100, 30, 10, 120),
        (0, 10, 10, 0),
        # counts are approximate: the queue may not know yet what it gave us
        (3, 0, 10, 0),
    ],
)
def test_the_backlog_is_what_others_hold_and_nobody(visible: int, in_flight: int, ours: int, messages: int) -> None:
    assert backlog(visible, in_flight, ours) == messages


@pytest.mark.parametrize(
    ("messages", "per_s", "seconds"),
    [
        (100, 4.0, 25.0),
        (1, 0.01, 100.0),
        (0, 4.0, 0.0),
        (0, None, 0.0),
        (0, 0.0, 0.0),
        (100, None, None),
        (100, 0.0, None),
    ],
)
def test_the_backlog_in_seconds_is_unknown_without_a_rate_and_never_infinite(
    messages: int, per_s: float | None, seconds: float | None
) -> None:
    assert backlog_s(messages, per_s) == seconds
