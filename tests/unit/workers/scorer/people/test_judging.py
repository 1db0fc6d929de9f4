"""A judge beside people."""

from __future__ import annotations

import pytest

from schemas.people import JudgeVerdict, Ranking
from workers.scorer.people.judging import agreement, kappa


def test_kappa_of_a_published_table() -> None:
    """20 yes and 15 no that both say, 5 and 10 on which they differ: .7 agreement, .5 by chance, kappa .4."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)


def test_who_always_say_the_same_have_no_kappa() -> None:
    assert kappa([(1, 1)] * 5) is None


def ranking(question: str, rater: str = "r1", **points: float) -> Ranking:
    return Ranking(rater=rater, question=question, points=points)


def verdict(question: str, first: str, second: str, winner: str | None) -> JudgeVerdict:
    return JudgeVerdict(question=question, first=first, second=second, winner=winner)


def test_verdicts_are_compared_whichever_arm_stands_first() -> None:
    rankings = [
        ranking("q1", a=2, b=1), ranking("q1", "r2", a=2, b=1), ranking("q2", a=1.5, b=1.5), ranking("q3", a=1, b=2),
    ]  # fmt: skip
    verdicts = [
        verdict("q1", "b", "a", "a"),
        verdict("q2", "a", "b", None),
        verdict("q3", "a", "b", "a"),
        verdict("q4", "a", "b", "a"),
        verdict("q1", "a", "unranked", "a"),
    ]
    found = agreement(rankings, verdicts)
    assert found is not None
    assert (found.n, found.agreement) == (3, 0.666667)
    assert agreement(rankings, []) is None
