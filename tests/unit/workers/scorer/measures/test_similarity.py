"""Similarity of reference and answer, links aside."""

from __future__ import annotations

import pytest

from tests.unit.workers.scorer.making import BagOfWords
from tests.unit.workers.scorer.measures.batches import batch, value
from workers.scorer.embedding import VectorMemory
from workers.scorer.measures.similarity import Similarity
from workers.scorer.text_form import RAW


def similarity(encoder: BagOfWords | None = None) -> Similarity:
    return Similarity(VectorMemory(encoder or BagOfWords()))


def test_identical_texts_have_similarity_one() -> None:
    assert value(similarity(), "same words here", "same words here") == 1.0


@pytest.mark.parametrize("answer", ["", "   ", "Sources: <https://x.example/a>"])
def test_an_answer_without_words_has_similarity_zero(answer: str) -> None:
    encoder = BagOfWords()
    assert value(similarity(encoder), "reference", answer) == 0.0
    assert encoder.encoded == []


def test_similarity_has_six_digits() -> None:
    found = value(similarity(), "one two three", "one two four")
    assert found is not None
    assert found == round(found, 6) == pytest.approx(2 / 3)


def test_the_texts_of_a_batch_are_told_as_the_encoder_sees_them() -> None:
    asked = batch(("a reference", "an answer\n\nSources: <https://x.example/a>"), ("another", ""))
    assert similarity().references(asked) == ["a reference", "another"]
    assert similarity().answers(asked) == ["an answer"]


def test_the_share_of_long_texts_is_told() -> None:
    found = similarity(BagOfWords(window=2))
    assert found.long_share(["a b c", "a b", "a"]) == pytest.approx(1 / 3)
    assert found.long_share([]) == 0.0


def test_the_signature_says_what_is_encoded() -> None:
    memory = VectorMemory(BagOfWords())
    assert Similarity(memory).signature() != Similarity(memory, RAW).signature()
    assert "model=bag-of-words" in Similarity(memory).signature()
