"""What raters sent back: what counts, and that nothing is dropped unsaid."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.people import RankingAnswer, RankingKey
from workers.scorer.people.checking import check

KEY = RankingKey(
    task="t1", rater="r", question="q1", kind="counted", arms={"A": "tuned", "B": "base", "C": "prompt", "D": "weak"}
)
OTHER = KEY.model_copy(update={"task": "t2", "question": "q2"})


def answer(task: str = "t1", **given: Any) -> RankingAnswer:
    return RankingAnswer(task=task, **given)


def ranks(*numbers: float) -> dict[str, float]:
    return dict(zip("ABCD", numbers, strict=False))


def test_a_whole_ranking_counts_for_the_arms_behind_the_letters() -> None:
    checked = check([(1, answer(ranks=ranks(2, 1, 4, 3)))], [KEY])
    assert checked.problems == []
    (ranking,) = checked.rankings
    assert ranking.points == {"tuned": 3, "base": 4, "prompt": 1, "weak": 2}
    assert (ranking.rater, ranking.question, ranking.kind) == ("r", "q1", "counted")


def test_equal_answers_share_points_and_shared_points_are_taken() -> None:
    for said in (answer(ranks=ranks(1, 1, 3, 4)), answer(points=ranks(3.5, 3.5, 2, 1))):
        (ranking,) = check([(1, said)], [KEY]).rankings
        assert ranking.points == {"tuned": 3.5, "base": 3.5, "prompt": 2, "weak": 1}


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        (answer("t9", ranks=ranks(1, 2, 3, 4)), "unknown_task", "no such task"),
        (answer(ranks=ranks(1, 2, 3)), "incomplete", "no other: D"),
        (answer(ranks={**ranks(1, 2, 3, 4), "E": 5}), "incomplete", "no other: E"),
        (answer(), "incomplete", "A, B, C, D"),
        (answer(ranks=ranks(0, 2, 3, 4)), "bad_rank", "A 0: not between 1 and 4"),
        (answer(ranks=ranks(1, 2, 3, 9)), "bad_rank", "D 9"),
        (answer(ranks=ranks(1, 2, 3, float("nan"))), "bad_rank", "D nan"),
        (answer(points=ranks(4, 4, 2, 1)), "wrong_sum", "its points sum to 11, not to 10"),
        (answer(points=ranks(3, 3, 2, 1)), "wrong_sum", "its points sum to 9, not to 10"),
        (answer(skipped="the question is unclear"), "skipped", "the question is unclear"),
    ],
)
def test_what_does_not_count_is_listed_with_its_line(said: RankingAnswer, code: str, told: str) -> None:
    checked = check([(3, said)], [KEY])
    problem = checked.problems[0]
    assert (problem.line, problem.code) == (3, code)
    assert told in problem.message
    assert checked.rankings == []


def test_the_first_answer_to_a_task_counts() -> None:
    checked = check([(1, answer(ranks=ranks(1, 2, 3, 4))), (2, answer(ranks=ranks(4, 3, 2, 1)))], [KEY])
    assert [ranking.points["tuned"] for ranking in checked.rankings] == [4]
    assert [(problem.line, problem.code) for problem in checked.problems] == [(2, "duplicate")]
    assert "line 1 answers it already" in checked.problems[0].message


def test_what_was_never_answered_is_listed() -> None:
    checked = check([(1, answer(ranks=ranks(1, 2, 3, 4)))], [KEY, OTHER])
    assert [(problem.task, problem.code) for problem in checked.problems] == [("t2", "missing")]


@given(
    st.lists(
        st.builds(
            RankingAnswer,
            task=st.sampled_from(["t1", "t2", "t3"]),
            ranks=st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 5)),
            points=st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 5)),
            skipped=st.sampled_from(["", "unclear"]),
        ),
        max_size=8,
    )
)
def test_every_answer_and_every_task_is_accounted_for(answers: list[RankingAnswer]) -> None:
    checked = check(list(enumerate(answers)), [KEY, OTHER])
    listed = [problem for problem in checked.problems if problem.line is not None]
    assert len(checked.rankings) + len(listed) == len(answers)
    answered = {said.task for said in answers} & {"t1", "t2"}
    assert sum(problem.code == "missing" for problem in checked.problems) == 2 - len(answered)
    assert all(sum(ranking.points.values()) == pytest.approx(10) for ranking in checked.rankings)
