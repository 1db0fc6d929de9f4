"""The snapshot of what was ingested into the demo corpus."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.artifacts import Chunk, SnapshotDocument
from schemas.experiment import Experiment
from shared.services import Services
from shared.store import indexes, keys
from tests.unit.workers import world
from workers.dataset_builder.planning import chunk_vectors
from workers.dataset_builder.snapshots import take_snapshot


async def put_snapshot(
    services: Services, experiment: Experiment | None = None
) -> tuple[list[SnapshotDocument], list[Chunk]]:
    """Stores the run's documents, chunks, index and vectors, as dataset-builder does; the documents and chunks."""
    experiment = experiment or world.experiment()
    records = await services.corpora.objects(world.CORPUS, world.CHUNKING)
    with TemporaryDirectory() as folder:
        snapshot = await take_snapshot(services, experiment, records, Path(folder))
        index = await indexes.build(snapshot.documents, snapshot.chunks)
        vectors = await chunk_vectors(services, world.RUN, experiment, snapshot, index)
        await indexes.store(services.artifacts, world.RUN, snapshot.chunks, index, vectors)
    await services.artifacts.write_lines(keys.run(world.RUN, "snapshot.jsonl"), snapshot.documents)
    return snapshot.documents, await services.artifacts.read_lines(keys.run(world.RUN, "chunks.jsonl"), Chunk)
