"""Tokenizers: rouge-score's own words, Korean kept, and what is lost measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.tokenizers import DefaultTokenizer

from workers.scorer.rouge import coverage
from workers.scorer.rouge.lines import LINE
from workers.scorer.rouge.tokenizers import TOKENIZERS, made

ASCII = st.text(st.characters(max_codepoint=127), max_size=60)
PLAIN = ["default", "multilingual", "char", "eojeol"]


@given(ASCII)
def test_multilingual_equals_rouge_score_on_ascii(text: str) -> None:
    assert made("multilingual")(text) == DefaultTokenizer().tokenize(text)


@given(st.text(max_size=60))
def test_default_equals_rouge_score_on_any_text(text: str) -> None:
    assert made("default")(text) == DefaultTokenizer().tokenize(text)


@given(st.sampled_from(PLAIN), st.lists(st.text(max_size=15), max_size=4))
def test_the_tokens_of_a_text_are_those_of_its_lines(name: str, texts: list[str]) -> None:
    tokenizer, text = made(name), "\n".join(texts)
    assert tokenizer(text) == [token for line in text.split("\n") for token in tokenizer(line)]
    (marked,) = tokenizer.with_lines([text])
    assert marked.count(LINE) == text.count("\n")


@pytest.mark.parametrize(
    ("name", "text", "tokens"),
    [
        ("multilingual", "5G 요금제", ["5g", "요", "금", "제"]),
        ("multilingual", "AMF는 UE의", ["amf", "는", "ue", "의"]),
        ("multilingual", "漢字とカナ", list("漢字とカナ")),
        ("multilingual", "ガ・ー", ["ガ", "ー"]),
        ("multilingual", "7,700원", ["7", "700", "원"]),
        ("multilingual", "\u212a", ["k"]),
        ("multilingual", "…!?", []),
        ("default", "5G 요금제,\nOK", ["5g", "ok"]),
        ("char", "5G 요금제_!", ["5", "g", "요", "금", "제"]),
        ("eojeol", "(요금제를) 7,700원! -- ５Ｇ", ["요금제를", "7,700원", "５ｇ"]),
        ("eojeol", "doesn't_ _x", ["doesn't", "x"]),
    ],
)
def test_words_and_characters(name: str, text: str, tokens: list[str]) -> None:
    assert made(name)(text) == tokens


@pytest.mark.parametrize(
    ("name", "text", "share"),
    [
        ("default", "요금제 5G", 2 / 5),
        ("multilingual", "요금제 5G", 1.0),
        ("multilingual", "résumé", 4 / 6),
        ("multilingual", "-- !!", 1.0),
        ("char", "résumé 요금제", 1.0),
        ("eojeol", "résumé 7,700원", 1.0),
    ],
)
def test_coverage_is_the_kept_share_of_letters_and_digits(name: str, text: str, share: float) -> None:
    assert coverage(made(name), [text]) == pytest.approx(share)


@given(st.sampled_from(PLAIN), st.lists(st.text(max_size=30), max_size=4))
def test_coverage_is_a_share(name: str, texts: list[str]) -> None:
    assert 0.0 <= coverage(made(name), texts) <= 1.0


def test_every_tokenizer_is_known_by_its_name() -> None:
    assert all(made(name).signature.startswith(name) for name in TOKENIZERS)
