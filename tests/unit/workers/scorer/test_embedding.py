"""Vectors: of texts alone, each encoded once."""

from __future__ import annotations

import numpy as np

from tests.unit.workers.scorer.making import BagOfWords
from workers.scorer.embedding import VectorMemory


def test_a_text_is_encoded_once_however_often_it_is_asked_for() -> None:
    encoder = BagOfWords()
    memory = VectorMemory(encoder)
    for _ in range(5):
        memory.of("the reference")
        memory.of("an answer")
    assert encoder.encoded == ["the reference", "an answer"]


def test_the_cache_forgets_the_longest_unused() -> None:
    encoder = BagOfWords()
    memory = VectorMemory(encoder, cached=2)
    for text in "abacab":
        memory.of(text)
    assert encoder.encoded == ["a", "b", "c", "b"]


def test_what_was_learnt_is_not_encoded_and_has_the_same_bits() -> None:
    first, encoder = VectorMemory(BagOfWords()), BagOfWords()
    vector = first.of("one two three")
    assert np.array_equal(vector, vector.astype(np.float32))  # what the store keeps
    second = VectorMemory(encoder)
    assert second.missing(["one two three", "other", "other"]) == ["one two three", "other"]
    second.learn({"one two three": vector})
    assert second.missing(["one two three", "other"]) == ["other"]
    assert np.array_equal(second.of("one two three"), vector)
    assert encoder.encoded == []
