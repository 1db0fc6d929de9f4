from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.runtime.aimd import COOLDOWN_S, PROBE_S, PROBE_WINDOWS, WINDOW, Aimd


class Fed:
    """A limit that is fed by hand: ``seconds`` per event, one window after another, all places taken."""

    def __init__(self, low: int, high: int) -> None:
        self.aimd = Aimd(low, high)
        self.now = 1000.0

    def window(self, seconds: float, *, saturated: bool = True, kind: str = "") -> int:
        """The limit after as many completions as one decision takes, those that are left out included."""
        self.now += 3 * seconds
        for _ in range(max(self.aimd.limit, WINDOW)):
            self.aimd.finished(seconds, saturated=saturated, now=self.now, kind=kind)
        return self.aimd.limit

    def windows(self, count: int, seconds: float) -> int:
        for _ in range(count):
            self.window(seconds)
        return self.aimd.limit


def test_it_starts_at_the_lower_bound_and_adds_one_per_calm_window() -> None:
    fed = Fed(2, 16)
    assert fed.aimd.limit == 2
    assert [fed.window(1.0) for _ in range(3)] == [3, 4, 5]


def test_a_window_is_as_many_completions_as_the_limit_and_never_fewer_than_ten() -> None:
    aimd = Aimd(30, 40)
    for _ in range(29):
        aimd.finished(1.0, saturated=True, now=0)
    assert aimd.limit == 30
    aimd.finished(1.0, saturated=True, now=0)
    assert aimd.limit == 31


def test_no_more_than_the_upper_bound() -> None:
    assert Fed(1, 5).windows(20, 0.1) == 5


@pytest.mark.parametrize(
    ("times_the_baseline", "expected"), [(0.5, 13), (1.0, 13), (1.5, 13), (1.6, 12), (2.0, 12), (2.1, 10), (50.0, 10)]
)
def test_what_a_window_does_depends_on_how_its_latency_compares(times_the_baseline: float, expected: int) -> None:
    fed = Fed(2, 20)
    assert fed.windows(10, 1.0) == 12
    assert fed.window(times_the_baseline) == expected


def test_events_that_had_places_to_spare_change_nothing() -> None:
    fed = Fed(2, 20)
    fed.windows(10, 1.0)
    assert [fed.window(seconds, saturated=False) for seconds in (0.1, 1.0, 10.0)] == [12, 12, 12]


def test_throttling_halves_the_limit_and_ten_at_once_are_one_signal() -> None:
    fed = Fed(2, 32)
    fed.windows(30, 1.0)
    for n in range(10):
        fed.aimd.throttled(fed.now + n / 10)
    assert fed.aimd.limit == 16
    fed.aimd.throttled(fed.now + COOLDOWN_S)
    assert fed.aimd.limit == 8


def test_throttling_never_goes_below_the_lower_bound() -> None:
    aimd = Aimd(3, 9)
    for n in range(5):
        aimd.throttled(n * COOLDOWN_S)
    assert aimd.limit == 3


def test_what_began_in_the_crowd_is_not_held_against_the_smaller_limit() -> None:
    fed = Fed(2, 20)
    fed.windows(18, 1.0)
    assert fed.window(5.0) == 18
    for _ in range(100):  # all of them were running when the limit fell
        fed.aimd.finished(5.0, saturated=True, now=fed.now + 1)
    assert fed.aimd.limit == 18


def test_fixed_bounds_are_a_constant() -> None:
    fed = Fed(4, 4)
    assert {fed.window(seconds) for seconds in (1.0, 0.1, 90.0)} == {4}
    fed.aimd.throttled(fed.now)
    assert fed.aimd.limit == 4


@pytest.mark.parametrize(("low", "high"), [(0, 4), (5, 4), (-1, -1)])
def test_bounds_that_make_no_sense_are_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="1 <= low <= high"):
        Aimd(low, high)


def test_a_slow_kind_beside_a_quick_one_is_no_crowd() -> None:
    fed = Fed(2, 16)
    fed.window(1.0, kind="page")
    for _ in range(7):
        fed.window(0.01, kind="page")
        fed.window(30.0, kind="report")
    assert fed.aimd.limit == 16


def test_the_baseline_is_measured_again_at_a_quarter_of_the_limit() -> None:
    fed = Fed(2, 16)
    fed.windows(PROBE_WINDOWS + 1, PROBE_S)
    assert fed.aimd.limit == 4
    fed.windows(2, PROBE_S)
    assert fed.aimd.limit == 16


def test_work_that_became_slower_for_good_is_the_new_baseline_within_minutes() -> None:
    """Ten times slower: every window looks crowded, until one is measured where no crowd is."""
    took = simulate(2, 16, latency_s=lambda running, now, random: 0.1 if now < 120 else 1.0, seconds=720)
    before, after = [[limit for at, limit in took if a <= at < b] for a, b in ((60, 120), (600, 720))]
    assert median(before) == 16 and min(limit for at, limit in took if 120 <= at < 300) < 8
    assert median(after) == 16


# under a simulated server, driven as the runtime does: as many at once as the limit allows


def simulate(
    low: int, high: int, latency_s: Callable[[int, float, Random], float], seconds: float, *,
    kinds: Mapping[str, tuple[float, float]] | None = None, seed: int = 0,
) -> list[tuple[float, int]]:  # fmt: skip
    """Time and limit after every completion. ``kinds``: weight and factor of each."""
    aimd, random, now = Aimd(low, high), Random(seed), 0.0
    kinds = kinds or {"": (1.0, 1.0)}
    weights = [weight for weight, _ in kinds.values()]
    running: list[tuple[float, float, str]] = []
    limits: list[tuple[float, int]] = []
    while now < seconds:
        while len(running) < aimd.limit:
            [kind] = random.choices(list(kinds), weights)
            takes = kinds[kind][1] * latency_s(len(running) + 1, now, random)
            heapq.heappush(running, (now + takes, takes, kind))
        now, took, kind = heapq.heappop(running)
        aimd.finished(took, saturated=len(running) + 1 >= aimd.limit, now=now, kind=kind)
        limits.append((now, aimd.limit))
    return limits


def server(capacity: int, base_s: float) -> Callable[[int, float, Random], float]:
    """Serves ``capacity`` at once in ``base_s``, and more of them proportionally slower."""
    return lambda running, now, random: base_s * max(1.0, running / capacity) * random.uniform(0.8, 1.2)


@given(st.integers(1, 30), st.integers(0, 30), st.floats(0.001, 100), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_under_constant_latency_the_limit_climbs_to_the_upper_bound(
    low: int, more: int, latency: float, seed: int
) -> None:
    rounds = sum(max(WINDOW, limit) / limit + 1 for limit in range(low, low + more + 1))
    limits = simulate(low, low + more, lambda running, now, random: latency, rounds * latency, seed=seed)
    assert max(limit for _, limit in limits) == low + more


@given(st.integers(4, 24), st.sampled_from([0.2, 1.0]), st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_limit_settles_between_the_capacity_of_a_server_and_its_double(
    capacity: int, base_s: float, seed: int
) -> None:
    limits = simulate(2, 64, server(capacity, base_s), 2000 * base_s, seed=seed)
    settled = [limit for at, limit in limits if at > 1000 * base_s]
    probing = sum(limit < capacity for limit in settled) / len(settled)
    assert capacity <= median(settled) <= 2 * capacity
    assert max(settled) <= 2 * capacity + 2 and probing < 0.1


@given(st.integers(5, 20), st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_a_mix_of_kinds_and_of_sizes_moves_that_band_little(capacity: int, seed: int) -> None:
    def latency(running: int, now: float, random: Random) -> float:
        return max(1.0, running / capacity) * random.expovariate(1.0)

    limits = simulate(2, 64, latency, 60_000, kinds={"page": (0.9, 1.0), "report": (0.1, 100.0)}, seed=seed)
    assert capacity * 0.75 <= median(limit for at, limit in limits if at > 30_000) <= capacity * 2.5


def test_a_limit_far_above_the_capacity_comes_down_when_the_server_shrinks() -> None:
    def latency(running: int, now: float, random: Random) -> float:
        return max(1.0, running / (64 if now < 300 else 8))

    limits = simulate(2, 64, latency, 3000)
    assert max(limit for at, limit in limits if at < 300) == 64
    assert 8 <= median(limit for at, limit in limits if at > 2000) <= 16


STEPS = st.tuples(st.floats(0, 1000), st.booleans(), st.floats(0, 20), st.sampled_from(["a", "b", "throttled"]))


@given(st.integers(1, 8), st.integers(0, 40), st.lists(STEPS, max_size=300))
def test_whatever_happens_the_limit_stays_within_its_bounds(
    low: int, more: int, steps: list[tuple[float, bool, float, str]]
) -> None:
    aimd, now = Aimd(low, low + more), 0.0
    for seconds, saturated, passed, kind in steps:
        now += passed
        if kind == "throttled":
            aimd.throttled(now)
        else:
            aimd.finished(seconds, saturated=saturated, now=now, kind=kind)
        assert low <= aimd.limit <= low + more
