"""Tasks: balanced, blind, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from workers.scorer.people.design import orders, williams
from workers.scorer.people.tasks import Candidate, make_tasks

ARMS = ("tuned", "prompt", "weak", "baseline")


def candidates(count: int, start: int = 0) -> list[Candidate]:
    return [
        Candidate(f"q{n}", f"question {n}?", {arm: f"answer {n} of {hash_of(arm)}" for arm in ARMS}, gold="gold")
        for n in range(start, start + count)
    ]


def hash_of(arm: str) -> int:
    return ARMS.index(arm)


@pytest.mark.parametrize("size", range(2, 9))
def test_every_item_is_as_often_in_each_place_and_after_each_other(size: int) -> None:
    rows = williams(size)
    assert len(rows) == size if size % 2 == 0 else 2 * size
    for place in range(size):
        assert set(Counter(row[place] for row in rows).values()) == {len(rows) // size}
    followed = Counter(pair for row in rows for pair in pairwise(row))
    assert len(followed) == size * (size - 1)
    assert len(set(followed.values())) == 1


def test_orders_go_through_square_after_square() -> None:
    found = list(orders(4, 10, np.random.default_rng(1)))
    assert len(found) == 10
    assert sorted(found[:4]) == sorted(found[4:8]) == sorted(williams(4))


def test_each_rater_ranks_every_question_once_in_an_order_of_his_own() -> None:
    tasks = make_tasks(candidates(40), ["r1", "r2"], seed=7)
    for rater in ("r1", "r2"):
        counted = [key.question for _, key in tasks if key.rater == rater and key.kind == "counted"]
        assert sorted(counted) == sorted(f"q{n}" for n in range(40))
    first, second = ([key.question for _, key in tasks if key.rater == rater] for rater in ("r1", "r2"))
    assert first != second
    assert [task.place for task, _ in tasks if task.rater == "r1"] == list(range(1, len(first) + 1))


def test_every_arm_stands_as_often_under_each_letter() -> None:
    tasks = make_tasks(candidates(40), ["r1"], seed=7)
    for letter in "ABCD":
        counts = Counter(key.arms[letter] for _, key in tasks)
        assert max(counts.values()) - min(counts.values()) <= 1


def test_one_in_twenty_is_asked_again_far_behind_and_in_another_order() -> None:
    tasks = make_tasks(candidates(40), ["r1"], seed=7)
    repeats = [key for _, key in tasks if key.kind == "repeat"]
    assert len(repeats) == 2
    place = {(key.question, key.kind): task.place for task, key in tasks}
    for key in repeats:
        assert place[key.question, "repeat"] - place[key.question, "counted"] >= 10


def test_raters_warm_up_on_spare_questions() -> None:
    tasks = make_tasks(candidates(20), ["r1"], seed=7, spare=candidates(8, start=100))
    kinds = [key.kind for _, key in tasks]
    assert kinds[:5] == ["warm_up"] * 5
    assert "warm_up" not in kinds[5:]
    assert all(int(key.question[1:]) >= 100 for _, key in tasks[:5])


def test_no_task_tells_whose_answers_it_shows_or_what_kind_it_is() -> None:
    for task, key in make_tasks(candidates(20), ["r1"], seed=7):
        told = task.model_dump_json()
        assert not any(arm in told for arm in ARMS)
        assert key.kind not in told and f'"{key.question}"' not in told
        assert {letter: text for letter, text in task.answers.items()} == {
            letter: f"answer {key.question[1:]} of {hash_of(arm)}" for letter, arm in key.arms.items()
        }


def test_the_seed_decides() -> None:
    assert make_tasks(candidates(12), ["r"], seed=1) == make_tasks(candidates(12), ["r"], seed=1)
    assert make_tasks(candidates(12), ["r"], seed=1) != make_tasks(candidates(12), ["r"], seed=2)


def test_task_ids_are_given_once() -> None:
    ids = [task.id for task, _ in make_tasks(candidates(40), ["r1", "r2", "r3"], seed=7)]
    assert len(set(ids)) == len(ids)


def test_one_arm_is_nothing_to_rank() -> None:
    with pytest.raises(ValueError, match="1 arms to rank"):
        make_tasks([Candidate("q", "?", {"a": "x"})], ["r"], seed=1)
