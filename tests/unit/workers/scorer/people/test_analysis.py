"""The report of people: what counts, and what so few rankings can tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from schemas.people import RankedPair, Ranking
from workers.scorer.people.analysis import analyse
from workers.scorer.people.groups import groups
from workers.scorer.people.points import points_of

ARMS = ("tuned", "prompt", "weak", "baseline")


def rankings(
    quality: Sequence[float], questions: int, raters: int = 1, seed: int = 1, noise: float = 1.0
) -> list[Ranking]:
    """Each rater sees the quality of an answer with noise of his own."""
    rng = np.random.default_rng(seed)
    found = []
    for question in range(questions):
        seen = np.array(quality) + rng.normal(0, 0.3, len(quality))
        for rater in range(raters):
            ranks = dict(zip(ARMS, -(seen + rng.normal(0, noise, len(quality))), strict=True))
            found.append(Ranking(rater=f"r{rater}", question=f"q{question:03d}", points=points_of(ranks)))
    return found


def test_a_clear_order_is_told_with_its_groups() -> None:
    found = analyse(rankings([2.2, 2.1, 0, -2], questions=60, raters=3), seed=7)
    assert [arm.arm for arm in found.arms][2:] == ["weak", "baseline"]
    assert {*found.groups[0]} == {"tuned", "prompt"}
    assert found.groups[1:] == [["weak"], ["baseline"]]
    assert (found.raters, found.questions, found.rankings, found.best_possible) == (3, 60, 180, 720)
    assert sum(arm.points for arm in found.arms) == 1800
    assert sum(arm.firsts for arm in found.arms) == pytest.approx(1, abs=1e-5)
    assert found.friedman_p is not None and found.friedman_p < 1e-6
    assert found.kendall_w is not None and found.kendall_w > 0.5
    assert found.alpha.value is not None and found.alpha.value > 0.4
    for arm in found.arms:
        assert arm.mean.low is not None and arm.mean.value is not None and arm.mean.high is not None
        assert arm.mean.low < arm.mean.value < arm.mean.high


def test_forty_rankings_hardly_tell_arms_apart() -> None:
    """Means of about 2.85, 2.80, 2.13 and 2.10, as published: all but the ends are one group."""
    found = analyse(rankings([0.55, 0.5, -0.05, -0.1], questions=40, noise=1.1, seed=3), seed=7)
    assert not any(pair.significant for pair in found.pairs if {pair.first, pair.second} == {"tuned", "prompt"})
    assert len(found.groups[0]) >= 2
    assert "Only 0 of 40 questions were ranked by 3 people" in found.notes[0]


def test_raters_who_see_the_same_question_are_no_further_questions() -> None:
    """Twenty copies of the same eight rankings make no interval narrower."""
    few = rankings([0.5, 0.2, 0, 0], questions=8)
    copies = [one.model_copy(update={"rater": f"c{n}"}) for one in few for n in range(20)]
    alone, copied = analyse(few, seed=7), analyse(copies, seed=7)
    assert [arm.mean for arm in alone.arms] == [arm.mean for arm in copied.arms]
    assert [pair.p for pair in alone.pairs] == [pair.p for pair in copied.pairs]
    assert alone.friedman_p == copied.friedman_p


def test_wins_ties_and_losses_are_counted() -> None:
    said = [{"a": 3.0, "b": 2.0, "c": 1.0}, {"a": 2.5, "b": 2.5, "c": 1.0}, {"a": 2.0, "b": 3.0, "c": 1.0}]
    found = analyse([Ranking(rater="r", question=str(n), points=points) for n, points in enumerate(said)], seed=7)
    pair = next(pair for pair in found.pairs if {pair.first, pair.second} == {"a", "b"})
    assert (pair.wins, pair.ties, pair.losses, pair.difference.value) == (1, 1, 1, 0)
    assert [(arm.arm, arm.firsts) for arm in found.arms] == [("a", 0.5), ("b", 0.5), ("c", 0.0)]


def test_repeats_tell_how_steady_a_rater_is_and_count_nowhere_else() -> None:
    counted = rankings([2, 1, 0, -1], questions=10)
    turned = {arm: 5 - points for arm, points in counted[1].points.items()}
    repeats = [counted[0].model_copy(update={"kind": "repeat"})]
    repeats.append(counted[1].model_copy(update={"kind": "repeat", "points": turned}))
    warm_up = counted[2].model_copy(update={"kind": "warm_up", "question": "elsewhere"})
    found, plain = analyse([*counted, *repeats, warm_up], seed=7), analyse(counted, seed=7)
    assert (found.repeats, found.repeat_tau) == (2, 0)
    assert found.model_copy(update={"repeats": 0, "repeat_tau": None}) == plain


def test_rankings_that_arrive_in_another_order_say_the_same() -> None:
    found = rankings([1, 0.5, 0, -1], questions=20, raters=2)
    assert analyse(found, seed=7) == analyse(found[::-1], seed=7)


def test_nothing_that_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="no ranking counts"):
        analyse([Ranking(rater="r", question="q", kind="warm_up", points={"a": 2, "b": 1})], seed=7)


@pytest.mark.parametrize(
    ("different", "expected"),
    [
        (set(), ["abcd"]),
        ({("a", "d")}, ["abc", "bcd"]),
        ({("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")}, ["ab", "cd"]),
        ({("a", "b"), ("a", "c"), ("a", "d")}, ["a", "bcd"]),
        ({("b", "c")}, ["ab", "cd"]),
    ],
)
def test_groups_are_the_longest_runs_without_a_difference(different: set[tuple[str, str]], expected: list[str]) -> None:
    assert groups(list("abcd"), different) == [list(group) for group in expected]


def test_a_pair_is_told_once() -> None:
    pairs: list[RankedPair] = analyse(rankings([1, 0.5, 0, -1], questions=20), seed=7).pairs
    assert len({frozenset((pair.first, pair.second)) for pair in pairs}) == len(pairs) == 6
