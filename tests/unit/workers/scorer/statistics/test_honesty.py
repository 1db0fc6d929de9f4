"""As many false alarms as the level says, intervals right as often as they say: simulated, seeded."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scorer.simulations import coverage, false_alarms
from workers.scorer.statistics import PairedTable


def test_equal_arms_are_called_different_5_times_in_100() -> None:
    assert 0.03 <= false_alarms("graded", trials=1_000, n=60, seed=1) <= 0.07


def test_equal_arms_of_right_and_wrong_answers_are_called_different_no_more_than_that() -> None:
    found = false_alarms("right or wrong", trials=1_000, n=60, seed=2)
    assert 0.0 < found <= 0.05


def test_equal_rates_are_called_different_5_times_in_100() -> None:
    assert 0.03 <= false_alarms("rates", trials=1_000, n=60, seed=3) <= 0.07


@pytest.mark.parametrize("what", ["graded", "right or wrong", "rates"])
def test_the_interval_of_the_change_holds_the_truth_95_times_in_100(what: str) -> None:
    assert 0.93 <= coverage(what, trials=1_000, n=60, seed=4) <= 0.97


def test_a_real_difference_is_found_as_often_as_the_detectable_difference_says() -> None:
    rng, n, trials = np.random.default_rng(5), 60, 500
    shift = 2.8016 * 0.12 / np.sqrt(n)
    base = rng.beta(4, 6, (trials, n))
    columns = {("base", t): base[t] for t in range(trials)}
    columns |= {("new", t): base[t] + rng.normal(shift, 0.12, n) for t in range(trials)}
    table = PairedTable(columns, seed=(5,))
    found = sum((table.change(("base", t), ("new", t)).p or 1.0) <= 0.05 for t in range(trials))
    assert 0.75 <= found / trials <= 0.85
