from __future__ import annotations

import pytest

from schemas.artifacts import GroundTruth
from tests.unit.workers import world
from workers.dataset_builder.recipes import make_recipe, rounded


def pair(n: int, words: int, question: str = "What is it?") -> GroundTruth:
    return GroundTruth(
        id=f"q{n}", question=question, answer=" ".join(["word"] * words), references=["https://x.example"]
    )


@pytest.mark.parametrize(
    ("quota", "step"),
    [(1.0, 1.0), (1.2, 1.0), (1.3, 1.5), (8.6, 10.0), (0.043, 0.05), (130, 150.0), (9000, 200.0), (0, 0.001)],
)
def test_quotas_are_rounded_to_few_steps(quota: float, step: float) -> None:
    assert rounded(quota) == step


def test_a_corpus_that_changes_a_little_keeps_its_recipe() -> None:
    experiment, train = world.experiment(), [pair(n, 5) for n in range(20)]
    prints = {make_recipe(experiment, train, tokens).fingerprint() for tokens in (10_000, 10_300, 10_600)}
    assert len(prints) == 1
    assert make_recipe(experiment, train, 20_000).fingerprint() not in prints


def test_lengths_follow_the_ground_truth_of_each_language() -> None:
    english = [pair(n, words) for n, words in enumerate([4] * 10 + [40] * 80 + [100] * 10)]
    korean = [pair(200 + n, 10, "무엇입니까?") for n in range(10)]
    lengths = make_recipe(world.experiment(), [*english, *korean], 1000).lengths
    assert (lengths["en"].least, lengths["en"].usual, lengths["en"].most) == (3, 40, 125)
    assert (lengths["ko"].least, lengths["ko"].usual, lengths["ko"].most) == (8, 10, 40)


def test_the_house_style_is_shown_in_every_language_and_only_from_what_trains() -> None:
    train = [pair(1, 3), pair(2, 3, "무엇입니까?"), pair(3, 3)]
    style = make_recipe(world.experiment(), train, 1000).style
    assert {example.question for example in style} == {"What is it?", "무엇입니까?"}


def test_the_judge_checks_claims_and_the_student_is_asked_without_documents() -> None:
    models = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "judge": "local.judge-v1"}
    recipe = make_recipe(world.experiment(models=models), [], 1000)
    assert (recipe.checker, recipe.closed_book) == ("local.judge-v1", "local.reader-v1")
    off = world.experiment(models=models, synthesis={"filters": {"claims": False, "closed_book": False}})
    recipe = make_recipe(off, [], 1000)
    assert (recipe.checker, recipe.closed_book) == (None, None)
