"""The retrieval index of a run's snapshot: built once, stored in S3, and read as memory-mapped files.

One index serves all: it is opened over the whole snapshot or over some of its documents, such as those that may teach,
and then weighs terms by those alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.artifacts import SnapshotDocument
from shared.retrieval.building import build_index
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread
from shared.store import keys
from shared.store.artifacts import JSON_LINES, Artifacts

_built = in_thread(build_index)
_opened = in_thread(CorpusIndex)


async def build(documents: Iterable[SnapshotDocument], chunks: Path) -> Path:
    """Builds the index of a snapshot beside its chunks; the index's file."""
    index = chunks.with_name("index")
    await _built(documents, chunks, index)
    return index


async def store(artifacts: Artifacts, run: str, chunks: Path, index: Path) -> None:
    """Puts the chunks of a run's snapshot and their index where ``load`` finds them."""
    await artifacts.objects.put_file(keys.run(run, "chunks.jsonl"), chunks, content_type=JSON_LINES)
    await artifacts.objects.put_file(keys.index(run), index)


async def load(artifacts: Artifacts, run: str, documents: Iterable[SnapshotDocument]) -> CorpusIndex:
    """The index of a run's snapshot, over ``documents``. One of an earlier version, or none, is built anew.

    Downloaded files are deleted as soon as they are mapped, so that none outlives the process even when it is killed:
    the system gives their room back when the index is no longer used. Raises KeyError before the snapshot was stored.
    """
    documents = list(documents)
    with TemporaryDirectory(prefix="groundtune-index-", ignore_cleanup_errors=True) as folder:
        chunks, index = Path(folder, "chunks.jsonl"), Path(folder, "index")
        await artifacts.objects.get_file(keys.run(run, "chunks.jsonl"), chunks)
        try:
            await artifacts.objects.get_file(keys.index(run), index)
            return await _opened(index, chunks, documents)
        except (KeyError, ValueError):  # the run was made before indexes were stored, or by another version
            whole = await artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
            return await _opened(await build(whole, chunks), chunks, documents)
