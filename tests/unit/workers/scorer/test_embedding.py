"""Similarity: of texts alone, each encoded once."""

from __future__ import annotations

import pytest

from tests.unit.workers.scorer.making import BagOfWords
from workers.scorer.embedding import Similarity


def test_identical_texts_have_similarity_one() -> None:
    assert Similarity(BagOfWords()).of("same words here", "same words here") == 1.0


@pytest.mark.parametrize("answer", ["", "   ", "Sources: <https://x.example/a>"])
def test_an_answer_without_words_has_similarity_zero(answer: str) -> None:
    encoder = BagOfWords()
    assert Similarity(encoder).of("reference", answer) == 0.0
    assert encoder.encoded == []


def test_a_text_is_encoded_once_however_often_it_is_compared() -> None:
    encoder = BagOfWords()
    similarity = Similarity(encoder)
    for _ in range(5):
        similarity.of("the reference", "an answer")
    assert encoder.encoded == ["the reference", "an answer"]


def test_the_cache_forgets_the_longest_unused() -> None:
    encoder = BagOfWords()
    similarity = Similarity(encoder, cached=2)
    similarity.of("a", "b")
    similarity.of("a", "c")
    similarity.of("a", "b")
    assert encoder.encoded == ["a", "b", "c", "b"]


def test_similarity_has_six_digits() -> None:
    value = Similarity(BagOfWords()).of("one two three", "one two four")
    assert value == round(value, 6) == pytest.approx(2 / 3)


def test_the_share_of_long_texts_is_told() -> None:
    similarity = Similarity(BagOfWords(window=2))
    assert similarity.long_share(["a b c", "a b", "a"]) == pytest.approx(1 / 3)
    assert similarity.long_share([]) == 0.0
