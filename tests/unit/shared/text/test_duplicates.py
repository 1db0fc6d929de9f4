from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.text.duplicates import NearDuplicates, jaccard, shingles

texts = st.lists(st.text(alphabet="abcd ", min_size=1, max_size=12), max_size=12)


def test_a_question_reworded_by_one_word_is_found_in_english_and_korean() -> None:
    kept = NearDuplicates([])
    kept.add("How do I activate the eSIM profile on my new phone?")
    kept.add("해외에서 데이터 로밍 요금제를 변경하려면 어떻게 해야 하나요?")
    assert kept.find("How do I activate the eSIM profile on a new phone?") == 0
    assert kept.find("해외에서 데이터 로밍 요금제 변경하려면 어떻게 해야 하나요?") == 1
    assert kept.find("How do I cancel my subscription?") is None


@given(texts, st.text(alphabet="abcd ", min_size=1, max_size=12), st.sampled_from([0.5, 0.8, 1.0]))
def test_the_index_finds_what_comparing_with_everything_finds(kept: list[str], text: str, threshold: float) -> None:
    index = NearDuplicates([*kept, text], threshold)
    for other in kept:
        index.add(other)
    near = (i for i, other in enumerate(kept) if jaccard(shingles(other), shingles(text)) >= threshold)
    if shingles(text):
        assert index.find(text) == next(near, None)
