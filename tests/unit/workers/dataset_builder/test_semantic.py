from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.dataset_builder.semantic import FEWEST, FLOOR, alike, thresholds

WORDS = [
    "invoice",
    "roaming",
    "antenna",
    "profile",
    "number",
    "signal",
    "storage",
    "message",
    "battery",
    "contract",
    "handset",
    "emergency",
]
"""As different in their letters as in their meaning."""


def axis(place: int) -> list[float]:
    return [float(place == other) for other in range(16)]


def at(degrees: float) -> list[float]:
    """A unit vector."""
    return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]


def close_together(seed: int, count: int) -> dict[str, list[float]]:
    """Korean questions that the model hardly tells apart: their cosines are about 0.9."""
    rng = np.random.default_rng(seed)
    points = np.ones(16) + rng.normal(scale=0.33, size=(count, 16))
    units = points / np.linalg.norm(points, axis=1, keepdims=True)
    return {"질문 " + chr(ord("가") + place): unit for place, unit in enumerate(units.tolist())}


def test_a_language_in_which_all_texts_are_close_gets_a_higher_threshold_than_one_that_is_told_apart() -> None:
    english = {WORDS[place]: axis(place) for place in range(12)}
    korean = close_together(1, 12)
    found = thresholds([*english, *korean], english | korean)
    assert found["en"] == FLOOR
    assert found["ko"] > 0.93


def test_too_few_evaluation_questions_say_nothing_and_nothing_is_compared() -> None:
    few = {f"question {letter}": at(place) for place, letter in enumerate("abcdefghi")}
    assert len(few) == FEWEST - 1
    assert thresholds(list(few), few) == {}
    assert list(alike(list(few), list(few), few, {})) == []


def test_a_question_reworded_altogether_is_found_in_its_own_language() -> None:
    vectors = {"How do I cancel?": at(0), "What ends the contract?": at(5), "해지는 어떻게 하나요?": at(0)}
    found = alike(
        ["What ends the contract?", "해지는 어떻게 하나요?"], ["How do I cancel?"], vectors, {"en": 0.9, "ko": 0.9}
    )
    assert list(found) == [(0, 0, round(math.cos(math.radians(5)), 6))]
    assert list(alike(["no vector"], ["How do I cancel?"], vectors, {"en": 0.9})) == []


@given(st.integers(0, 30))
def test_a_weak_model_does_not_wipe_the_training_set(seed: int) -> None:
    """Clean questions lie as the evaluation questions do: few pass, where a fixed threshold of 0.9 takes all."""
    vectors = close_together(seed, 600)
    evaluation, training = list(vectors)[:200], list(vectors)[200:]
    fixed = {i for i, _, _ in alike(training, evaluation, vectors, {"ko": 0.9})}
    learnt = {i for i, _, _ in alike(training, evaluation, vectors, thresholds(evaluation, vectors, clean_loss=0.01))}
    assert len(fixed) == len(training)
    assert len(learnt) <= 0.06 * len(training)


def test_questions_told_apart_by_their_identifiers_teach_no_threshold() -> None:
    vectors = {f"error E-{number}": at(0) for number in range(20)}
    assert thresholds(list(vectors), vectors) == {}


def test_a_question_that_stands_twice_in_the_evaluation_set_does_not_switch_the_comparison_off() -> None:
    text = "How do I change the plan of my line?"
    twice = {text: axis(13), text + " please": axis(13)}
    english = {WORDS[place]: axis(place) for place in range(12)}
    assert thresholds([*english, *twice], english | twice) == {"en": FLOOR}
