"""Folds keep groups whole, and questions that share a link are one group."""

from __future__ import annotations

from benchmarks.inference.reader.folds import folds
from benchmarks.inference.reader.sets import grouped


def test_questions_that_share_a_link_through_others_are_one_group() -> None:
    groups = grouped({"1": ["a"], "2": ["b", "a"], "3": ["c"], "4": ["b"]})
    assert groups["1"] == groups["2"] == groups["4"] != groups["3"]


def test_every_question_is_in_one_fold_and_no_group_in_two() -> None:
    groups = {f"{n}": f"{n // 3}" for n in range(40)}
    parts = folds(groups, seed=1)
    assert sorted(id for part in parts for id in part) == sorted(groups)
    names = [{groups[id] for id in part} for part in parts]
    assert sum(map(len, names)) == len(set(groups.values()))
    assert max(map(len, parts)) - min(map(len, parts)) <= 3


def test_another_seed_draws_other_folds() -> None:
    groups = {f"{n}": f"{n}" for n in range(40)}
    assert folds(groups, seed=1) == folds(groups, seed=1) != folds(groups, seed=2)
