"""A run handed to the pipeline: documents, ground truth and experiment are put in place, then the run is requested."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml

from cli.runfile import RunFile
from schemas.artifacts import ManifestEntry
from schemas.events import ArmPredicted, RunRequested
from schemas.state import RunRecord
from shared.inbox import SOURCES_TABLE
from shared.runtime.connection import Connection
from shared.runtime.publish import publish
from shared.store import keys
from shared.topology import Topology

UPLOADS = 8
"""Documents uploaded at a time."""


def new_run_id(name: str) -> str:
    """A run's id: its name, when it was submitted (UTC), and four hex digits against collisions."""
    return f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


async def submit(connection: Connection, topology: Topology, runfile: RunFile, run: str) -> None:
    """Puts everything that the run needs into the bucket and requests it. Repeating it is harmless."""
    corpus = runfile.experiment.corpus.name
    if runfile.folder is not None:
        manifest = await put_documents(connection, corpus, runfile.folder, runfile.documents)
        await connection.services.artifacts.write_lines(keys.run(run, "manifest.jsonl"), manifest)
    await put_experiment(connection, runfile, keys.run(run, "run.yaml"), keys.run(run, "ground_truth.jsonl"))
    now = connection.clock.now()
    record = RunRecord(run=run, name=runfile.experiment.name, corpus=corpus, created=now, updated=now)
    await connection.services.runs.create(record)
    await publish(connection, topology, [RunRequested(run=run, corpus=corpus)], source="cli")


async def put_documents(
    connection: Connection, corpus: str, folder: Path, documents: Sequence[Path]
) -> list[ManifestEntry]:
    """Uploads a folder's documents into the corpus's inbox, unchanged ones not again; returns what lies there."""
    if (sources := _read(folder / SOURCES_TABLE)) is not None:
        await connection.objects.put(keys.corpus_config(corpus, SOURCES_TABLE), sources, content_type="text/csv")
    prefix = keys.inbox(corpus)
    there = {entry.key: entry.etag async for entry in connection.objects.list(prefix)}
    gate = asyncio.Semaphore(UPLOADS)

    async def put(path: Path) -> ManifestEntry:
        key, body = prefix + path.relative_to(folder).as_posix(), await asyncio.to_thread(path.read_bytes)
        async with gate:
            etag = there.get(key, "")
            if etag != hashlib.md5(body, usedforsecurity=False).hexdigest():
                etag = await connection.objects.put(key, body)
        return ManifestEntry(bucket=connection.objects.bucket, key=key, etag=etag)

    return sorted(await asyncio.gather(*map(put, documents)), key=lambda entry: entry.key)


async def put_experiment(connection: Connection, runfile: RunFile, experiment_key: str, truth_key: str) -> None:
    """Stores the experiment, prompts inlined, and its ground truth as JSON Lines."""
    body = yaml.safe_dump(runfile.experiment.model_dump(mode="json"), allow_unicode=True, sort_keys=False)
    await connection.services.artifacts.write_bytes(experiment_key, body.encode(), "application/yaml")
    await connection.services.artifacts.write_lines(truth_key, runfile.truth)


async def cancel(connection: Connection, topology: Topology, run: str) -> bool:
    """Cancels a run and has its jobs stopped and deployments removed. False when it has ended already."""
    if not await connection.services.runs.advance(run, "cancelled", reason="cancelled by a person"):
        return False
    arms = await connection.services.runs.arms(run)
    await publish(
        connection, topology, [ArmPredicted(run=run, arm=arm.arm, revision=arm.revision) for arm in arms], source="cli"
    )
    return True


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
