from __future__ import annotations

import numpy as np
import pytest

from workers.scorer.judge.lengths import LEAST, length_controlled


def test_a_judge_that_only_counts_characters_finds_equal_arms_equal() -> None:
    random = np.random.default_rng(7)
    longer = random.normal(100, 80, size=2_000)  # one arm writes more, and every longer answer wins
    points = (random.random(2_000) < 1 / (1 + np.exp(-3 * np.tanh(longer / longer.std())))).astype(float)
    assert points.mean() > 0.7
    assert length_controlled(points, longer) == pytest.approx(0.5, abs=0.05)


def test_a_better_arm_of_equal_length_keeps_its_rate() -> None:
    points = np.array([1.0] * 70 + [0.0] * 30)
    assert length_controlled(points, np.zeros(100)) == pytest.approx(0.7, abs=0.01)


def test_an_arm_that_wins_everything_has_a_finite_rate_below_one() -> None:
    rate = length_controlled(np.ones(60), np.arange(60, dtype=float))
    assert rate is not None and 0.9 < rate < 1


def test_too_few_questions_say_nothing() -> None:
    few = LEAST - 1
    assert length_controlled(np.ones(few), np.zeros(few)) is None
