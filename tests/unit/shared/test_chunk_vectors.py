from __future__ import annotations

import os
from pathlib import Path

import pytest

from schemas.artifacts import Chunk
from shared import chunk_vectors
from shared.bedrock.embedding_cache import unit
from shared.bedrock.ports import Account
from shared.chunk_vectors import write_vectors
from shared.errors import Throttled
from shared.retrieval.building import build_index
from shared.retrieval.corpus import CorpusIndex
from shared.testing.bedrock import FakeBedrock, letters
from tests.unit.shared.retrieval.making import chunk, document

DOCUMENTS = [document("a"), document("b")]
CHUNKS = [
    *(chunk(f"a{n}", "a", f"text number {n}", section=["Limits"]) for n in range(5)),
    chunk("b0", "b", " "),
    chunk("b1", "b", "another text"),
]
ACCOUNT = Account("run/r", "dataset-builder", 1.0)


def opened(folder: Path, chunks: list[Chunk], vectors: Path | None = None) -> CorpusIndex:
    lines = folder / "chunks.jsonl"
    lines.write_text("".join(chunk.model_dump_json() + "\n" for chunk in chunks))
    build_index(DOCUMENTS, lines, folder / "index")
    return CorpusIndex(folder / "index", lines, DOCUMENTS, vectors)


async def test_each_chunk_is_nearest_to_its_own_vector_however_many_are_embedded_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = set()
    for portion in (1, 3, 100):
        monkeypatch.setattr(chunk_vectors, "PORTION", portion)
        bedrock = FakeBedrock()
        await write_vectors(bedrock, "titan", ACCOUNT, opened(tmp_path, CHUNKS), tmp_path / "vectors")
        written.add((tmp_path / "vectors").read_bytes())
        assert {(call.model, call.account) for call in bedrock.embeds} == {("titan", ACCOUNT)}
        assert sum(len(call.texts) for call in bedrock.embeds) == 6
    assert len(written) == 1
    index = opened(tmp_path, CHUNKS, tmp_path / "vectors")
    assert index.embedded_by == "titan"
    for place in (0, 3, 6):
        text = index.shown(place)
        ((first, *_),) = index.nearest(["?"], [unit(letters(text))], candidates=3, depth=1)
        assert (first.chunk, first.text) == (CHUNKS[place].id, text)


async def test_another_snapshot_asks_most_texts_in_the_same_order(tmp_path: Path) -> None:
    orders = []
    for chunks in (CHUNKS, [*CHUNKS[5:], chunk("a9", "a", "a new one"), *CHUNKS[:5]]):
        bedrock = FakeBedrock()
        await write_vectors(bedrock, "titan", ACCOUNT, opened(tmp_path, chunks), tmp_path / "vectors")
        orders.append([text for call in bedrock.embeds for text in call.texts])
    assert [text for text in orders[1] if text != "a new one"] == orders[0]


async def test_a_corpus_without_chunks_asks_nobody(tmp_path: Path) -> None:
    bedrock = FakeBedrock()
    await write_vectors(bedrock, "titan", ACCOUNT, opened(tmp_path, []), tmp_path / "vectors")
    assert not bedrock.embeds
    index = opened(tmp_path, [], tmp_path / "vectors")
    assert index.nearest(["?"], [[1.0]], candidates=3, depth=1) == [[]]


async def test_what_fails_midway_leaves_no_file_behind(tmp_path: Path) -> None:
    def embed(text: str) -> list[float]:
        raise Throttled("slow down")

    with pytest.raises(Throttled):
        await write_vectors(FakeBedrock(embed=embed), "titan", ACCOUNT, opened(tmp_path, CHUNKS), tmp_path / "vectors")
    assert sorted(os.listdir(tmp_path)) == ["chunks.jsonl", "index"]
