"""The retrieval index of a run's snapshot: built once, stored in S3, and read as memory-mapped files.

Where a run retrieves by meaning too, the vectors of its chunks lie beside it. One index serves all: it is opened over
the whole snapshot or over some of its documents, such as those that may teach, and then weighs terms by those alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.artifacts import SnapshotDocument
from shared.errors import AnalyzerChanged
from shared.retrieval.analyzers import WORDS
from shared.retrieval.building import build_index
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread
from shared.store import keys
from shared.store.artifacts import JSON_LINES, Artifacts

_built = in_thread(build_index)
_opened = in_thread(CorpusIndex)


async def build(documents: Iterable[SnapshotDocument], chunks: Path, by: str = WORDS) -> Path:
    """Builds the index of a snapshot beside its chunks, by the analyzer of this name; the index's file.

    Raises BadInput when the analyzer is not installed.
    """
    index = chunks.with_name("index")
    await _built(documents, chunks, index, by=by)
    return index


async def store(artifacts: Artifacts, run: str, chunks: Path, index: Path, vectors: Path | None = None) -> None:
    """Puts the chunks of a run's snapshot, their index and their vectors where ``load`` finds them."""
    if vectors is not None:
        await artifacts.objects.put_file(keys.vectors(run), vectors)
    await artifacts.objects.put_file(keys.run(run, "chunks.jsonl"), chunks, content_type=JSON_LINES)
    await artifacts.objects.put_file(keys.index(run), index)


async def load(artifacts: Artifacts, run: str, documents: Iterable[SnapshotDocument]) -> CorpusIndex:
    """The index of a run's snapshot, over ``documents``, with its chunks' vectors if there are any. An index of an
    earlier version, or of another version of its analyzer, or none, is built anew.

    Downloaded files are deleted as soon as they are mapped, so that none outlives the process even when it is killed:
    the system gives their room back when the index is no longer used. Raises KeyError before the snapshot was stored,
    BadInput when the index's analyzer is not installed.
    """
    documents = list(documents)
    with TemporaryDirectory(prefix="groundtune-index-", ignore_cleanup_errors=True) as folder:
        chunks, index = Path(folder, "chunks.jsonl"), Path(folder, "index")
        await artifacts.objects.get_file(keys.run(run, "chunks.jsonl"), chunks)
        vectors = await _vectors(artifacts, run, Path(folder, "vectors"))
        try:
            await artifacts.objects.get_file(keys.index(run), index)
            return await _opened(index, chunks, documents, vectors)
        except AnalyzerChanged as error:
            by = error.name
        except (KeyError, ValueError):  # the run was made before indexes were stored, or by another version
            by = WORDS  # all that those had
        whole = await artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
        return await _opened(await build(whole, chunks, by), chunks, documents, vectors)


async def _vectors(artifacts: Artifacts, run: str, file: Path) -> Path | None:
    """None for a run that retrieves by words alone."""
    try:
        await artifacts.objects.get_file(keys.vectors(run), file)
    except KeyError:
        return None
    return file
