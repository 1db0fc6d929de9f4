"""The interval: deterministic, paired, and right about as often as it says."""

from __future__ import annotations

import numpy as np
import pytest

from workers.scorer.statistics import Change, mean, relative_change


def change(base: list[float], new: list[float], *, seed: int = 7, metric: str = "rougeL", arm: str = "a") -> Change:
    return relative_change(np.array(base), np.array(new), seed=seed, metric=metric, arm=arm)


def test_the_change_is_the_ratio_of_means() -> None:
    assert change([0.1, 0.3], [0.4, 0.2]).relative == pytest.approx(0.5)


def test_equal_arms_do_not_differ() -> None:
    values = list(np.random.default_rng(1).random(40))
    assert change(values, values) == Change(0.0, 0.0, 0.0)


def test_a_constant_factor_has_no_uncertainty() -> None:
    values = np.random.default_rng(2).random(30)
    found = relative_change(values, values * 1.5, seed=1, metric="m", arm="a")
    assert found == Change(0.5, 0.5, 0.5)
    assert found.better
    assert not found.worse


def test_the_same_seed_gives_the_same_interval_and_another_does_not() -> None:
    rng = np.random.default_rng(3)
    base, new = list(rng.random(60)), list(rng.random(60))
    assert change(base, new) == change(base, new)
    assert change(base, new) != change(base, new, seed=8)
    assert change(base, new) != change(base, new, arm="b")
    assert change(base, new, seed=-1).low is not None


def test_the_interval_holds_the_change() -> None:
    rng = np.random.default_rng(4)
    found = change(list(rng.random(60)), list(rng.random(60)))
    assert found.low is not None
    assert found.high is not None
    assert found.relative is not None
    assert found.low < found.relative < found.high


@pytest.mark.parametrize(
    ("base", "new", "expected"),
    [([], [], Change()), ([0.0, 0.0], [0.5, 0.5], Change()), ([0.5], [1.0], Change(1.0))],
)
def test_what_cannot_be_known_is_none(base: list[float], new: list[float], expected: Change) -> None:
    assert change(base, new) == expected


def test_a_baseline_that_is_nearly_always_zero_has_no_interval() -> None:
    found = change([1.0, *[0.0] * 9], [1.0] * 10)
    assert found.relative == pytest.approx(9.0)
    assert found.low is None
    assert found.high is None


def test_unpaired_values_are_refused() -> None:
    with pytest.raises(ValueError, match="2 values against 1"):
        change([1.0], [1.0, 2.0])


def test_the_mean_of_nothing_is_none() -> None:
    assert mean(np.array([])) is None
    assert mean(np.array([0.1, 0.2])) == 0.15


@pytest.mark.slow
def test_the_interval_covers_the_truth_about_95_times_in_100() -> None:
    rng, covered, trials, true_change = np.random.default_rng(5), 0, 400, _true_change()
    for trial in range(trials):
        base = rng.beta(4, 6, 60)
        new = np.clip(base + rng.normal(0.04, 0.1, 60), 0, None)
        found = relative_change(base, new, seed=trial, metric="m", arm="a")
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= true_change <= found.high
    assert 0.90 <= covered / trials <= 0.98


def _true_change() -> float:
    rng = np.random.default_rng(6)
    base = rng.beta(4, 6, 1_000_000)
    return float(np.clip(base + rng.normal(0.04, 0.1, base.size), 0, None).mean() / base.mean() - 1)
