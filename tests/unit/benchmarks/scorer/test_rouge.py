"""The texts that ROUGE is measured over, and how its tables are read."""

from __future__ import annotations

import pytest

from benchmarks.scorer.contestant import SCORERS
from benchmarks.scorer.korean import arms
from benchmarks.scorer.memory import tenths
from benchmarks.scorer.side_by_side import Run, base, cell
from benchmarks.scorer.texts import texts


@pytest.mark.parametrize("words", [60, 200])
def test_texts_are_as_long_as_asked_for_and_the_same_each_time(words: int) -> None:
    made = texts(words, 20)
    assert made == texts(words, 20)
    assert {len(text.split()) for text in made.references + made.answers} == {words}
    same = sum(
        one == other
        for pair in zip(made.references, made.answers, strict=True)
        for one, other in zip(*(text.split() for text in pair), strict=True)
    )
    assert 0.4 < same / (words * 20) < 0.7


def test_two_arms_answer_the_same_questions() -> None:
    one, other = arms(5)
    assert one.references == other.references
    assert not set(one.answers) & set(other.answers)


def test_each_contestant_is_compared_with_what_computes_the_same() -> None:
    assert {name: base(name) for name in SCORERS if "Lsum" in name} == {
        "rouge-score, Lsum too": "rouge-score, Lsum too",
        "groundtune, Lsum too": "rouge-score, Lsum too",
        "groundtune, Lsum too, multilingual, NFC, no links": "rouge-score, Lsum too",
        "rouge-score, Lsum too, stemmed": "rouge-score, Lsum too, stemmed",
        "groundtune, Lsum too, stemmed": "rouge-score, Lsum too, stemmed",
    }
    runs = {"rouge-score": Run(10.0), "groundtune": Run(255.0), "evaluate": Run(failed="no hub")}
    assert [cell(runs, name) for name in runs] == ["10 (1.0)", "255 (25.5)", "–"]


def test_memory_is_read_from_the_second_and_the_last_tenth() -> None:
    assert tenths([9, 9, 1, 3, *range(14), 7, 5]) == (2, 6)
