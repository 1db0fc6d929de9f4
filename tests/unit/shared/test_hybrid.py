from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Chunk, SnapshotDocument
from shared.bedrock.ports import Account
from shared.hybrid import fused, nearest_chunks
from shared.testing.bedrock import FakeBedrock
from shared.testing.indexes import index_of

TEXTS = ["the router restarts", "the router is restarted daily", "the router drinks tea"]
DOCUMENTS = [
    SnapshotDocument(document=f"d{n}", key=f"k{n}", url=f"https://x.example/{n}", title="", language="en")
    for n in range(3)
]
CHUNKS = [Chunk(id=f"c{n}", document=f"d{n}", text=text, start=0, end=9) for n, text in enumerate(TEXTS)]


@given(st.lists(st.floats(-1, 1), max_size=30))
def test_fusing_loses_nobody(likeness: list[float]) -> None:
    assert sorted(fused(likeness)) == list(range(len(likeness)))


@pytest.mark.parametrize(
    ("likeness", "order"),
    [([], []), ([0.9, 0.5, 0.1], [0, 1, 2]), ([0.5, 0.5, 0.5], [0, 1, 2]), ([0.1, 0.2, 0.9], [0, 2, 1])],
)
def test_what_both_orders_put_high_comes_first(likeness: list[float], order: list[int]) -> None:
    assert fused(likeness) == order


async def test_meaning_has_its_say_in_what_is_nearest_and_every_chunk_is_embedded_once() -> None:
    bedrock = FakeBedrock(embed=lambda text: [0.0, 1.0] if "tea" in text else [1.0, 0.0])
    index = index_of(DOCUMENTS, CHUNKS)
    questions = {"what drinks the router?": [1.0, 0.0], "is the router restarted?": [1.0, 0.0]}
    found = await nearest_chunks(bedrock, "m", Account("run/r", "dataset-builder"), index, questions, 3)
    assert set(found) == set(questions)
    assert index.retrieve("what drinks the router?", 1)[0].chunk == "c2"
    assert found["what drinks the router?"][0].chunk == "c0"
    (call,) = bedrock.embeds
    assert len(call.texts) == len(set(call.texts)) == 3
