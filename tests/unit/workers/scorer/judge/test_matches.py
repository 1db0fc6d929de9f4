from __future__ import annotations

from tests.unit.workers.scorer.making import BASELINE, FT_40, PROMPT, experiment
from workers.scorer.judge.matches import judged_questions, pairs


def test_every_arm_is_compared_with_the_baseline() -> None:
    found = pairs(experiment([BASELINE, PROMPT, FT_40]))
    assert [(first.name, second.name) for first, second in found] == [("prompt", "baseline"), ("ft-40", "baseline")]


def test_or_every_arm_with_every_other() -> None:
    found = pairs(experiment([BASELINE, PROMPT, FT_40], judging={"pairs": "all"}))
    named = [(first.name, second.name) for first, second in found]
    assert named == [("prompt", "baseline"), ("ft-40", "baseline"), ("ft-40", "prompt")]


def test_the_judged_questions_are_drawn_by_the_seed_whatever_their_order() -> None:
    ids = [f"q{n}" for n in range(40)]
    drawn = judged_questions(ids, 10, seed=7)
    assert len(drawn) == 10
    assert drawn == judged_questions(ids[::-1], 10, seed=7)
    assert drawn != judged_questions(ids, 10, seed=8)


def test_more_questions_wanted_than_there_are_are_all_of_them() -> None:
    assert judged_questions(["q1", "q2"], 3, 7) == judged_questions(["q1", "q2"], None, 7) == {"q1", "q2"}
