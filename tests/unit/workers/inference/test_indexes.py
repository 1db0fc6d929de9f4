from __future__ import annotations

import asyncio
from pathlib import Path

from shared.store import indexes, keys
from shared.store.artifacts import Artifacts, as_line
from shared.testing.objects import MemoryObjectStore
from tests.unit.shared.retrieval.making import chunk, document
from workers.inference.indexes import KEPT, Indexes


class Counting(MemoryObjectStore):
    """A store that knows which files were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[str] = []

    async def get_file(self, key: str, path: Path) -> None:
        self.files.append(key)
        await super().get_file(key, path)


async def prepared(folder: Path, *runs: str) -> Counting:
    objects = Counting()
    artifacts, lines = Artifacts(objects), folder / "chunks.jsonl"
    lines.write_bytes(as_line(chunk("1", "a", "word")))
    index = await indexes.build([document("a")], lines)
    for run in runs:
        await indexes.store(artifacts, run, lines, index)
        await artifacts.write_lines(keys.run(run, "snapshot.jsonl"), [document("a")])
    return objects


async def test_shards_that_ask_at_once_wait_for_one_download(tmp_path: Path) -> None:
    objects = await prepared(tmp_path, "r")
    opened = Indexes(Artifacts(objects))
    found = await asyncio.gather(*(opened.of("r") for _ in range(5)))
    assert all(index is found[0] for index in found)
    assert sorted(objects.files) == sorted([keys.run("r", "chunks.jsonl"), keys.index("r"), keys.vectors("r")])


async def test_of_many_runs_the_latest_stay_open(tmp_path: Path) -> None:
    objects = await prepared(tmp_path, "r1", "r2", "r3")
    opened = Indexes(Artifacts(objects))
    first, *_ = [await opened.of(run) for run in ("r1", "r2", "r3")]
    objects.files.clear()
    for run in ("r2", "r3"):
        await opened.of(run)
    assert objects.files == [] and KEPT == 2
    assert await opened.of("r1") is not first
    assert first.retrieve("word", 1)[0].text == "word"  # who still holds it may use it


async def test_a_download_that_failed_is_tried_again(tmp_path: Path) -> None:
    objects = await prepared(tmp_path)
    opened = Indexes(Artifacts(objects))
    for _ in range(2):
        try:
            await opened.of("r")
        except KeyError:
            continue
        raise AssertionError("there is no such run yet")
    objects.contents = (await prepared(tmp_path, "r")).contents
    assert len(await opened.of("r")) == 1
