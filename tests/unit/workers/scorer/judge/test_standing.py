from __future__ import annotations

import numpy as np
import pytest

from tests.unit.workers.scorer.judge.making import BY_PLACE, LOST, TIED, UNSAID, WON
from workers.scorer.judge.standing import interval, match_of


def test_ties_count_half_and_errors_not_at_all() -> None:
    found = match_of("new", "base", [WON, WON, TIED, BY_PLACE, LOST, UNSAID], [0.0] * 6, seed=7)
    assert (found.wins, found.ties, found.losses, found.errors, found.n) == (2, 2, 1, 1, 5)
    assert found.win_rate == pytest.approx(3 / 5)


def test_without_an_outcome_there_is_no_rate() -> None:
    found = match_of("new", "base", [UNSAID], [0.0], seed=7)
    assert (found.n, found.errors, found.win_rate, found.low) == (0, 1, None, None)


def test_one_question_has_no_interval() -> None:
    assert interval(np.array([1.0]), 7, "a") == (None, None)


def test_the_interval_is_that_of_a_mean_of_points() -> None:
    points = np.array([1.0] * 60 + [0.0] * 40)
    low, high = interval(points, 7, "a")
    error = 1.96 * (0.6 * 0.4 / 100) ** 0.5
    assert low == pytest.approx(0.6 - error, abs=0.015)
    assert high == pytest.approx(0.6 + error, abs=0.015)


def test_equal_seeds_draw_equal_intervals() -> None:
    points = np.random.default_rng(7).random(50)
    assert interval(points, 7, "a") == interval(points, 7, "a") != interval(points, 8, "a")
