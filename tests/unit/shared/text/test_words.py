from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shared.text.words import count_words, match_words


@given(
    st.text()
    | st.lists(st.sampled_from(["pdu-session", "요금제를", "가", "Policies", "status", "v1.2/3"])).map(" ".join)
)
def test_counting_is_what_counting_the_terms_gives(text: str) -> None:
    assert count_words(text) == Counter(match_words(text))
