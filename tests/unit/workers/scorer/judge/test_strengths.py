from __future__ import annotations

import math

import numpy as np
import pytest

from workers.scorer.judge.strengths import Played, fitted, strengths


def games(questions: int, chances: dict[tuple[int, int], float], seed: int = 7) -> list[Played]:
    random = np.random.default_rng(seed)
    return [
        (question, first, second, float(random.random() < chance))
        for question in range(questions)
        for (first, second), chance in chances.items()
    ]


def test_two_arms_have_the_log_odds_of_their_points() -> None:
    won = np.array([[0.0, 299.5], [99.5, 0.0]])  # with half a point for each as the prior: 300 to 100
    assert fitted(won)[1] == pytest.approx(math.log(100 / 300))


def test_strengths_that_made_the_games_are_found_again() -> None:
    true = [0.0, 0.5, 1.5]
    chances = {(a, b): 1 / (1 + math.exp(true[b] - true[a])) for a in range(3) for b in range(a)}
    found = strengths(["base", "some", "more"], games(3_000, chances), seed=7)
    assert [entry.strength for entry in found] == pytest.approx(true, abs=0.12)
    assert all(0.1 < entry.high - entry.low < 0.3 for entry in found[1:])


def test_arms_that_never_met_are_ordered_by_those_they_both_met() -> None:
    found = strengths(["base", "better", "best"], games(400, {(1, 0): 0.6, (2, 0): 0.9}), seed=7)
    assert found[0].strength == 0 < found[1].strength < found[2].strength


def test_an_arm_that_wins_everything_has_a_finite_strength() -> None:
    [base, best] = strengths(["base", "best"], [(n, 1, 0, 1.0) for n in range(60)], seed=7)
    assert base.strength == 0
    assert 3 < best.strength < 10


def test_an_arm_that_met_nobody_has_no_strength() -> None:
    found = strengths(["base", "failed", "other"], [(0, 2, 0, 1.0), (1, 2, 0, 0.5)], seed=7)
    assert [entry.arm for entry in found] == ["base", "other"]


def test_nothing_played_is_nothing_said() -> None:
    assert strengths(["base", "other"], [], seed=7) == []
