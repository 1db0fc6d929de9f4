from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.engines.failures import Failure
from localcloud.engines.openai.embeddings import read_vectors

NUMBERS = st.floats(-1e3, 1e3).filter(lambda number: number == 0 or abs(number) > 1e-3)
VECTORS = st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=5)


@given(VECTORS, st.randoms())
def test_vectors_keep_order_and_direction_and_have_length_one(vectors: list[list[float]], random: Any) -> None:
    items = [{"index": n, "embedding": vector} for n, vector in enumerate(vectors)]
    random.shuffle(items)
    for before, after in zip(vectors, read_vectors({"data": items}, len(vectors), "m", "u"), strict=True):
        length = math.hypot(*before)
        assert math.hypot(*after) == pytest.approx(1.0 if length else 0.0)
        assert [value * length for value in after] == pytest.approx(before)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "u answered for m what are no embeddings"),
        ([{"embedding": [1.0]}], "u answered for m what are no embeddings"),
        ([{"index": 0, "embedding": "AAAA"}], "u answered for m what are no embeddings"),
        ([], "u answered 2 texts for m with 0 vectors"),
        ([{"index": 0, "embedding": [1.0]}], "with 1 vectors"),
        ([{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}], "of several lengths"),
    ],
)
def test_what_are_no_embeddings_of_the_texts_names_server_and_model(data: object, said: str) -> None:
    with pytest.raises(Failure, match=said):
        read_vectors({"data": data}, 2, "m", "u")
