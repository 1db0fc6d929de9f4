"""The snapshot of what was ingested into the demo corpus."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.artifacts import Chunk, SnapshotDocument
from shared.services import Services
from shared.store import indexes, keys
from tests.unit.workers import world
from workers.dataset_builder.snapshots import take_snapshot


async def put_snapshot(services: Services) -> tuple[list[SnapshotDocument], list[Chunk]]:
    """Stores the run's documents, chunks and index, as dataset-builder does; the documents and chunks."""
    records = await services.corpora.objects(world.CORPUS, world.CHUNKING)
    with TemporaryDirectory() as folder:
        snapshot = await take_snapshot(services, world.experiment(), records, Path(folder))
        index = await indexes.build(snapshot.documents, snapshot.chunks)
        await indexes.store(services.artifacts, world.RUN, snapshot.chunks, index)
    await services.artifacts.write_lines(keys.run(world.RUN, "snapshot.jsonl"), snapshot.documents)
    return snapshot.documents, await services.artifacts.read_lines(keys.run(world.RUN, "chunks.jsonl"), Chunk)
