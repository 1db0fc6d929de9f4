from __future__ import annotations

import pytest

from schemas.artifacts import Chunk, SnapshotDocument
from shared.errors import Poison
from shared.hybrid import POOL, nearest_chunks
from shared.retrieval.corpus import CorpusIndex
from shared.testing.indexes import MODEL, index_of

TEXTS = ["the router restarts", "the router is restarted daily", "a modem goes down", "the router drinks tea"]
DOCUMENTS = [
    SnapshotDocument(document=f"d{n}", key=f"k{n}", url=f"https://x.example/{n}", title="", language="en")
    for n in range(4)
]
CHUNKS = [Chunk(id=f"c{n}", document=f"d{n}", text=text, start=0, end=9) for n, text in enumerate(TEXTS)]
VECTORS = {"c0": [0.8, 0.6], "c1": [0.6, 0.8], "c2": [1.0, 0.0], "c3": [0.0, 1.0]}


@pytest.fixture
def index() -> CorpusIndex:
    return index_of(DOCUMENTS, CHUNKS, vectors=VECTORS)


async def found(index: CorpusIndex, top_k: int, **questions: list[float]) -> list[list[str]]:
    nearest = await nearest_chunks(index, MODEL, questions, top_k)
    assert list(nearest) == list(questions)
    return [[seen.chunk for seen in nearest[question]] for question in questions]


async def test_what_shares_no_word_with_the_question_is_found_by_its_meaning(index: CorpusIndex) -> None:
    question = "why does the router drinks"
    assert "c2" not in [hit.id for hit in index.search(question, 9)]
    ((*_, last),) = await found(index, 1, **{question: [0.0, 1.0]})
    assert last == "c2"
    ((*best, _),) = await found(index, 1, **{question: [1.0, 0.0]})
    assert best == ["c0", "c3", "c2"]  # second in both, first by words, first by meaning


async def test_each_question_has_its_own_neighbours(index: CorpusIndex) -> None:
    asked = {"restarts": [0.8, 0.6], "tea": [0.0, 1.0]}
    both = await found(index, 2, **asked)
    assert both == [(await found(index, 2, **{question: vector}))[0] for question, vector in asked.items()]
    assert [first for first, *_ in both] == ["c0", "c3"]


async def test_only_documents_that_the_index_is_opened_over_are_found() -> None:
    some = index_of(DOCUMENTS, CHUNKS, DOCUMENTS[:2], vectors=VECTORS)
    assert await found(some, POOL, router=[1.0, 0.0]) == [["c0", "c1"]]


@pytest.mark.parametrize("vectors", [None, VECTORS])
async def test_vectors_of_another_model_are_not_compared(vectors: dict[str, list[float]] | None) -> None:
    with pytest.raises(Poison, match="the run asks for titan"):
        await nearest_chunks(index_of(DOCUMENTS, CHUNKS, vectors=vectors), "titan", {"router": [1.0, 0.0]}, 1)
