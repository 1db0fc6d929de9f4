"""Slices: the same comparison over fewer questions, and p adjusted for how many slices are looked at."""

from __future__ import annotations

import random

import pytest

from schemas.report import QuestionSlice, SliceValue
from tests.unit.workers.scorer.making import BASELINE, FT_40, PROMPT, result
from workers.scorer.attributes import Attribute
from workers.scorer.pairing import Paired
from workers.scorer.slices import FEW, slices

IDS = [f"q{n:02d}" for n in range(40)]


def arms(gain_of_ko: float = 0.2) -> Paired:
    """The prompt helps the questions of odd number alone."""
    rng = random.Random(1)
    base = {id: 0.3 + 0.2 * rng.random() for id in IDS}
    new = {
        id: value + 0.02 * rng.gauss(0, 1) + (gain_of_ko if n % 2 else 0) for n, (id, value) in enumerate(base.items())
    }
    return Paired([result(BASELINE, base), result(PROMPT, new)], IDS, 7)


LANGUAGE = Attribute("language", {id: "ko" if n % 2 else "en" for n, id in enumerate(IDS)}, ["en", "ko"])


def one(found: list[QuestionSlice], name: str, metric: str = "rougeL", arm: str = "prompt") -> SliceValue:
    (cut,) = (cut for cut in found if cut.name == name)
    (value,) = (value for value in cut.values if (value.arm, value.metric) == (arm, metric))
    return value


def test_a_gain_is_seen_where_it_is() -> None:
    found = slices(arms(), [LANGUAGE], ["rougeL"], "baseline", 7)
    assert [(cut.by, cut.name, cut.n) for cut in found] == [("language", "en", 20), ("language", "ko", 20)]
    english, korean = one(found, "en"), one(found, "ko")
    assert (english.significant, korean.significant) == (False, True)
    assert korean.difference == pytest.approx(0.2, abs=0.02)
    assert korean.low is not None and korean.high is not None and korean.difference is not None
    assert 0 < korean.low < korean.difference < korean.high
    assert korean.p is not None and korean.p_adjusted is not None
    assert korean.p < korean.p_adjusted <= 2 * korean.p * 1.001


def test_the_more_slices_the_less_each_counts() -> None:
    paired = arms()
    rng = random.Random(3)
    more = [Attribute(f"topic{n}", {id: rng.choice("ab") for id in IDS}, ["a", "b"]) for n in range(8)]
    alone = one(slices(paired, [LANGUAGE], ["rougeL"], "baseline", 7), "ko")
    among = one(slices(paired, [LANGUAGE, *more], ["rougeL"], "baseline", 7), "ko")
    assert alone.p == among.p
    assert alone.p_adjusted is not None and among.p_adjusted is not None
    assert alone.p_adjusted <= among.p_adjusted


def test_few_questions_have_values_and_no_p() -> None:
    names = {id: "rare" if n < FEW - 1 else "common" for n, id in enumerate(IDS)}
    found = slices(arms(), [Attribute("topic", names, ["common", "rare"])], ["rougeL"], "baseline", 7)
    rare, common = one(found, "rare"), one(found, "common")
    assert rare.n == FEW - 1
    assert rare.value is not None and rare.difference is not None
    assert (rare.p, rare.low, rare.significant) == (None, None, None)
    assert common.p is not None


def test_the_baseline_stands_in_every_slice_without_a_change() -> None:
    value = one(slices(arms(), [LANGUAGE], ["rougeL"], "baseline", 7), "en", arm="baseline")
    assert value.value is not None
    assert (value.difference, value.p, value.significant) == (None, None, None)


def test_a_question_without_a_name_is_in_no_slice_and_a_name_without_questions_is_none() -> None:
    attribute = Attribute("topic", {"q00": "a", "q01": "a", "elsewhere": "b"}, ["a", "b"])
    assert [(cut.name, cut.n) for cut in slices(arms(), [attribute], ["rougeL"], "baseline", 7)] == [("a", 2)]


def test_without_a_scored_baseline_there_are_no_slices() -> None:
    paired = Paired([result(BASELINE, {}, failed="x"), result(FT_40, dict.fromkeys(IDS, 0.5))], IDS, 7)
    assert slices(paired, [LANGUAGE], ["rougeL"], "baseline", 7) == []


def test_equal_scores_give_equal_slices() -> None:
    assert slices(arms(), [LANGUAGE], ["rougeL", "citation_accuracy"], "baseline", 7) == slices(
        arms(), [LANGUAGE], ["rougeL", "citation_accuracy"], "baseline", 7
    )
