from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.text.duplicates import NearDuplicates, shingles, similarity
from tests.brute_force import brute_force_duplicates

texts = st.lists(st.text(alphabet="abcd1 ", min_size=1, max_size=12), max_size=12)


def test_a_question_reworded_by_one_word_is_found_in_english_and_korean() -> None:
    kept = NearDuplicates()
    kept.add("How do I activate the eSIM profile on my new phone?")
    kept.add("해외에서 데이터 로밍 요금제를 변경하려면 어떻게 해야 하나요?")
    assert kept.find("How do I activate the eSIM profile on a new phone?") == 0
    assert kept.find("해외에서 데이터 로밍 요금제 변경하려면 어떻게 해야 하나요?") == 1
    assert kept.find("How do I cancel my subscription?") is None
    assert kept.find("") is None


def test_questions_that_name_different_things_are_kept_side_by_side() -> None:
    kept = NearDuplicates()
    kept.add("What does error E-101 mean for a customer?")
    kept.add("고객에게 표시되는 오류 E-101은 무슨 뜻인가요?")
    assert kept.find("What does error E-102 mean for a customer?") is None
    assert kept.find("고객에게 표시되는 오류 E-102는 무슨 뜻인가요?") is None
    assert kept.find("What does the error E-101 mean for a customer?") == 0


@given(texts, st.text(alphabet="abcd1 ", min_size=1, max_size=12), st.sampled_from([0.6, 0.8, 1.0]))
def test_the_index_finds_what_comparing_with_everything_finds(kept: list[str], text: str, threshold: float) -> None:
    index = NearDuplicates(kept[::2], threshold)
    for other in kept:
        index.add(other)
    near = [place for place, other in enumerate(kept) if brute_force_duplicates([("a", other), ("b", text)], threshold)]
    assert index.find(text) == (near[0] if near else None)


def test_similarity_is_that_of_the_trigrams() -> None:
    assert similarity(shingles("abcd"), shingles("ABC")) == 0.5
    assert similarity(shingles("abc"), shingles("?")) == 0.0
