from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bedrock.pace import AHEAD_US, MINUTE_US, Pace, held_back, plan

NOW = 1_700_000_000_000_000

PATIENCE_US = 7 * MINUTE_US

Started = tuple[int, int]
"""When a call starts, and its units."""


def run(pace: Pace, calls: list[Started]) -> list[Started]:
    """When calls start that come in after so many microseconds each and take so many units.

    One that would wait for longer than minutes is sent back, as RateLimits sends back long before.
    """
    state: int | None = None
    now, started = NOW, []
    for after, units in calls:
        now += after
        slot = plan({"x": pace}, {"x": state}, {"x": units}, now)
        if slot.wait_us <= PATIENCE_US:
            state = slot.states["x"]
            started.append((now + slot.wait_us, units))
    return started


def fullest_minute(started: list[Started]) -> int:
    return max(sum(units for at, units in started if first <= at < first + MINUTE_US) for first, _ in started)


arrivals = st.one_of(st.just(0), st.integers(0, 2_000_000), st.integers(0, 90_000_000))


@given(st.integers(1, 400), st.lists(arrivals, min_size=1, max_size=200))
def test_no_minute_sees_more_requests_than_the_limit(limit: int, gaps: list[int]) -> None:
    assert fullest_minute(run(Pace(limit), [(gap, 1) for gap in gaps])) <= limit


@given(st.integers(1, 5_000), st.data())
def test_no_minute_sees_more_tokens_than_the_limit_but_for_what_one_call_has_beyond_half_the_burst(
    limit: int, data: st.DataObject
) -> None:
    pace = Pace(limit)
    largest = data.draw(st.integers(1, limit))
    calls = data.draw(st.lists(st.tuples(arrivals, st.integers(1, largest)), min_size=1, max_size=60))
    half = pace.burst // 2 if pace.burst > 1 else 1
    assert fullest_minute(run(pace, calls)) <= limit + max(0, largest - half)


@given(st.integers(1, 400), st.lists(arrivals, min_size=1, max_size=100))
def test_calls_start_in_the_order_in_which_they_came(limit: int, gaps: list[int]) -> None:
    started = [at for at, _ in run(Pace(limit), [(gap, 1) for gap in gaps])]
    assert started == sorted(started)


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 12, 60, 1000])
def test_half_a_burst_starts_at_once_and_the_rest_evenly(limit: int) -> None:
    pace = Pace(limit)
    at_once = max(1, pace.burst // 2)
    waits = [at - NOW for at, _ in run(pace, [(0, 1)] * (at_once + 2))]
    # a microsecond of rounding a call may cost the last of them a few
    assert all(wait <= at_once for wait in waits[:at_once])
    assert waits[-1] - waits[-2] == pace.cost_us(1)


def test_a_state_may_lag_for_seconds_and_is_then_written_anew() -> None:
    pace = Pace(60)
    assert 5_000_000 < pace.lag_us < 7_000_000
    lagging = NOW - pace.lag_us
    assert pace.believed(lagging, NOW) == lagging and pace.in_step(lagging, NOW)
    assert pace.believed(lagging - 1, NOW) == NOW and not pace.in_step(lagging - 1, NOW)


@pytest.mark.parametrize(("limit", "least"), [(1, 1), (10, 8), (60, 45), (600, 495)])
def test_a_busy_minute_uses_most_of_the_limit(limit: int, least: int) -> None:
    started = run(Pace(limit), [(0, 1)] * (limit * 3))
    after_the_burst = NOW + 5_000_000
    assert sum(after_the_burst <= at < after_the_burst + MINUTE_US for at, _ in started) >= least


def test_both_limits_are_waited_for_together() -> None:
    paces = {"requests": Pace(60), "tokens": Pace(6_000)}
    slot = plan(paces, {"requests": NOW, "tokens": NOW + 30_000_000}, {"requests": 1, "tokens": 600}, NOW)
    assert slot.wait_us == NOW + 30_000_000 - paces["tokens"].room_us(600) - NOW
    assert slot.states == {
        "requests": NOW + paces["requests"].cost_us(1), "tokens": NOW + 30_000_000 + paces["tokens"].cost_us(600),
    }  # fmt: skip


def test_a_state_that_no_honest_clock_wrote_is_not_believed() -> None:
    pace = Pace(60)
    assert pace.believed(NOW + AHEAD_US + 1, NOW) == NOW + pace.ahead_us
    assert pace.believed(NOW + AHEAD_US, NOW) == NOW + AHEAD_US
    assert pace.believed(None, NOW) == NOW


@given(st.integers(0, 60_000_000), st.integers(0, 120_000_000), st.integers(1, 100))
def test_after_a_throttle_nothing_starts_before_its_delay_is_over(delay: int, ahead: int, units: int) -> None:
    paces = {"x": Pace(100)}
    states = held_back(paces, {"x": NOW + ahead}, delay, NOW)
    assert plan(paces, dict(states), {"x": units}, NOW).wait_us >= delay
