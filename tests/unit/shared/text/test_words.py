from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text.words import match_words, words_but_hangul


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("pdu-session Policies", ["pdu-session", "pdu", "session", "policy"]),
        ("5G 요금제를 v2", ["5g", "v2"]),
        ("요금제", []),
    ],
)
def test_hangul_can_be_left_to_somebody_else(text: str, terms: list[str]) -> None:
    assert words_but_hangul(text) == terms


@given(st.text(st.sampled_from("ab1-. é漢ᄀ")))
def test_without_hangul_syllables_nothing_is_left_out(text: str) -> None:
    assert words_but_hangul(text) == match_words(text)
