"""Tokenizers: rouge-score's own words, Korean kept, and what is lost measured."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.tokenizers import DefaultTokenizer

from workers.scorer.tokenizers import TOKENIZERS, coverage, default, multilingual

ASCII = st.text(st.characters(max_codepoint=127), max_size=60)


@given(ASCII)
def test_multilingual_equals_rouge_score_on_ascii(text: str) -> None:
    assert multilingual(text) == DefaultTokenizer().tokenize(text)


@given(st.text(max_size=60).map(lambda text: unicodedata.normalize("NFC", text)))
def test_default_equals_rouge_score_on_any_composed_text(text: str) -> None:
    assert default(text) == DefaultTokenizer().tokenize(text)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("5G 요금제", ["5g", "요", "금", "제"]),
        ("AMF는 UE의", ["amf", "는", "ue", "의"]),
        ("漢字とカナ", list("漢字とカナ")),
        ("ガ・ー", ["ガ", "ー"]),
        ("7,700원", ["7", "700", "원"]),
        ("\u212a", ["k"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_words_and_characters(text: str, tokens: list[str]) -> None:
    assert multilingual(text) == tokens


def test_decomposed_korean_gives_the_same_tokens() -> None:
    text = "고객센터에서 가능합니다"
    assert multilingual(unicodedata.normalize("NFD", text)) == multilingual(text)


@pytest.mark.parametrize(
    ("name", "text", "share"),
    [
        ("default", "요금제 5G", 2 / 5),
        ("multilingual", "요금제 5G", 1.0),
        ("multilingual", "résumé", 4 / 6),
        ("multilingual", "-- !!", 1.0),
    ],
)
def test_coverage_is_the_kept_share_of_letters_and_digits(name: str, text: str, share: float) -> None:
    assert coverage(TOKENIZERS[name], [text]) == pytest.approx(share)


@given(st.lists(st.text(max_size=30), max_size=4))
def test_coverage_is_a_share(texts: list[str]) -> None:
    assert 0.0 <= coverage(multilingual, texts) <= 1.0
