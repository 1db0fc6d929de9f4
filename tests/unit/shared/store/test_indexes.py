from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from shared.retrieval.analyzers import MORPHEMES
from shared.retrieval.dense import digest, write_dense
from shared.store import indexes, keys
from shared.store.artifacts import Artifacts, as_line
from shared.testing.objects import MemoryObjectStore
from tests.unit.shared.retrieval.making import chunk, document

DOCUMENTS = [document("a"), document("b")]
CHUNKS = [chunk("1", "a", "voucher one"), chunk("2", "b", "voucher two")]


@pytest.fixture
async def artifacts(tmp_path: Path) -> Artifacts:
    """Of a run whose snapshot was stored."""
    stored, lines = Artifacts(MemoryObjectStore()), tmp_path / "chunks.jsonl"
    lines.write_bytes(b"".join(map(as_line, CHUNKS)))
    await indexes.store(stored, "r", lines, await indexes.build(DOCUMENTS, lines))
    await stored.write_lines(keys.run("r", "snapshot.jsonl"), DOCUMENTS)
    return stored


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


async def test_an_index_is_loaded_over_the_whole_snapshot_or_some_of_it(artifacts: Artifacts) -> None:
    whole = await indexes.load(artifacts, "r", DOCUMENTS)
    some = await indexes.load(artifacts, "r", DOCUMENTS[:1])
    assert [hit.id for hit in whole.search("voucher", 5)] == ["1", "2"]
    assert [hit.id for hit in some.search("voucher", 5)] == ["1"]
    assert (len(some), some.total) == (1, 2)


async def test_no_file_is_left_while_an_index_is_in_use(artifacts: Artifacts, temporary: Path) -> None:
    index = await indexes.load(artifacts, "r", DOCUMENTS)
    assert os.listdir(temporary) == []
    assert list(index) == CHUNKS


@pytest.mark.parametrize("there", [None, b"", b"GTINDEX0 of another version, longer than a footer"])
async def test_a_run_without_an_index_of_this_version_gets_one(
    artifacts: Artifacts, temporary: Path, there: bytes | None
) -> None:
    await artifacts.objects.delete(keys.index("r"))
    if there is not None:
        await artifacts.objects.put(keys.index("r"), there)
    index = await indexes.load(artifacts, "r", DOCUMENTS[1:])
    assert [hit.id for hit in index.search("voucher", 5)] == ["2"]
    assert os.listdir(temporary) == []


async def test_an_index_by_another_version_of_its_analyzer_is_built_anew(
    artifacts: Artifacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, lines = [chunk("1", "a", "해지하려면"), chunk("2", "b", "지하철")], tmp_path / "chunks.jsonl"
    lines.write_bytes(b"".join(map(as_line, given)))
    await indexes.store(artifacts, "r", lines, await indexes.build(DOCUMENTS, lines, MORPHEMES))
    monkeypatch.setattr("shared.retrieval.analyzers._WORDS_VERSION", "2")
    index = await indexes.load(artifacts, "r", DOCUMENTS)
    assert [hit.id for hit in index.search("해지하는 방법", 5)] == ["1"]  # pairs of syllables find both


@pytest.mark.parametrize("rebuilt", [False, True])
async def test_vectors_are_loaded_with_the_index_that_they_lie_beside(
    artifacts: Artifacts, tmp_path: Path, temporary: Path, rebuilt: bool
) -> None:
    assert (await indexes.load(artifacts, "r", DOCUMENTS)).embedded_by is None
    rows = np.array([[1, 0], [0, 1]], dtype=np.float32)
    write_dense(tmp_path / "vectors", "titan", digest(np.array([b"1", b"2"])), 2, [rows])
    await indexes.store(artifacts, "r", tmp_path / "chunks.jsonl", tmp_path / "index", tmp_path / "vectors")
    if rebuilt:
        await artifacts.objects.delete(keys.index("r"))
    index = await indexes.load(artifacts, "r", DOCUMENTS)
    assert index.embedded_by == "titan"
    ((found,),) = index.nearest(["no such word"], [[0.0, 1.0]], candidates=1, depth=1)
    assert found.chunk == "2"
    assert os.listdir(temporary) == []


async def test_before_the_snapshot_was_stored_there_is_no_index() -> None:
    with pytest.raises(KeyError):
        await indexes.load(Artifacts(MemoryObjectStore()), "r", DOCUMENTS)
