"""The objects that a run's snapshot is made of: what the run names, or what lies in the corpus when it starts."""

from __future__ import annotations

from schemas.artifacts import ManifestEntry
from schemas.experiment import Experiment
from shared.inbox import is_document
from shared.services import Services
from shared.store import keys

KEPT = 8
"""Manifests held in memory."""


class Manifests:
    """Manifests by run, read once per process: a manifest never changes after it was written."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._read: dict[str, dict[tuple[str, str], ManifestEntry]] = {}

    async def of(self, run: str, experiment: Experiment) -> dict[tuple[str, str], ManifestEntry]:
        """Entries by (bucket, key); empty for an empty corpus."""
        if run not in self._read:
            entries = await self._load(run, experiment)
            self._read[run] = {(entry.bucket, entry.key): entry for entry in entries}
            while len(self._read) > KEPT:
                self._read.pop(next(iter(self._read)))
        return self._read[run]

    async def _load(self, run: str, experiment: Experiment) -> list[ManifestEntry]:
        artifacts, key = self._services.artifacts, keys.run(run, "manifest.jsonl")
        if not await artifacts.exists(key):
            await artifacts.write_lines(key, await self._list(experiment))
        return await artifacts.read_lines(key, ManifestEntry)

    async def _list(self, experiment: Experiment) -> list[ManifestEntry]:
        bucket, prefix = source_of(experiment, self._services.artifacts.objects.bucket)
        listing = self._services.artifacts.objects.list(prefix, bucket=bucket)
        return [
            ManifestEntry(bucket=bucket, key=found.key, etag=found.etag)
            async for found in listing
            if is_document(found.key.removeprefix(prefix))
        ]


def source_of(experiment: Experiment, own_bucket: str) -> tuple[str, str]:
    """Bucket and prefix that hold the corpus: an ``s3://`` prefix as written, else its inbox."""
    where = experiment.corpus.documents
    if not where.startswith("s3://"):
        return own_bucket, keys.inbox(experiment.corpus.name)
    bucket, _, prefix = where.removeprefix("s3://").partition("/")
    return bucket, prefix if not prefix or prefix.endswith("/") else prefix + "/"
