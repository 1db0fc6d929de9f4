from __future__ import annotations

import pytest

from benchmarks.data.corpus import corpus
from benchmarks.data.edits import rewordings
from shared.text.identifiers import identifiers
from tests.brute_force import brute_force_duplicates

QUESTIONS = [
    "How many recipients can one request to the SMS Gateway API have with code E-101?",
    "요금제 변경 화면에 `TC-204`가 뜹니다. 이번 달 안에 변경할 방법이 있나요?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_rewording_keeps_what_the_question_names_and_is_the_same_each_time(question: str) -> None:
    found = list(rewordings(question))
    assert found == list(rewordings(question))
    assert len(found) >= 5
    assert all(text != question and identifiers(text) == identifiers(question) for _, text in found)


def test_every_planted_pair_is_a_near_duplicate_and_the_corpus_is_the_same_each_time() -> None:
    made = corpus(400)
    assert made == corpus(400)
    assert len(made.texts) == 400
    assert len(made.planted) == 8
    near = brute_force_duplicates([(str(place), text) for place, text in enumerate(made.texts)])
    assert set(made.planted) <= {(int(one), int(other)) for one, other, _ in near}
