"""A run's first stage: wait until every object of its snapshot has been ingested or rejected.

The run registers before it reads what is done: an object found undone will be reported after the registration.
"""

from __future__ import annotations

from schemas.artifacts import ManifestEntry
from schemas.base import content_hash
from schemas.event import Event
from schemas.events import DocumentRejected, DocumentSubmitted, RunRequested, SamplesGenerated
from schemas.experiment import Experiment
from schemas.state import ObjectRecord, RunRecord, WaitingRun
from shared.clock import Clock
from shared.errors import BadCorpus
from shared.runs import documents_group, load_experiment
from shared.services import Services
from workers.dataset_builder.losing import lost
from workers.dataset_builder.manifest import Manifests


class Gathering:
    """Registers runs, asks for what is not ingested, and tells when a snapshot is complete."""

    def __init__(self, services: Services, manifests: Manifests, clock: Clock) -> None:
        self._services = services
        self._manifests = manifests
        self._clock = clock

    async def start(self, event: RunRequested, by: str) -> tuple[bool, list[Event]]:
        """Registers the run. Returns whether its snapshot is complete with this, and requests for the rest."""
        experiment = await load_experiment(self._services.artifacts, event.run)
        await self._register(event, experiment)
        manifest = await self._manifests.of(event.run, experiment)
        if not manifest:
            raise BadCorpus(f"corpus {event.corpus} ({experiment.corpus.documents}) holds no documents; put some there")
        group, chunking = documents_group(event.run), experiment.chunking.fingerprint()
        await self._services.fanin.expect(group, len(manifest))
        await self._services.corpora.put_waiting(event.corpus, WaitingRun(run=event.run, chunking=chunking))
        records = {(r.bucket, r.key): r for r in await self._services.corpora.objects(event.corpus, chunking)}
        requests: list[Event] = []
        for place, entry in manifest.items():
            if place in records and records[place].etag == entry.etag:
                await self._services.fanin.record(group, _item(entry))
            else:
                requests.append(_submission(event.corpus, entry, experiment))
        return await self._services.fanin.closes(group, by), requests

    async def arrived(self, waiting: WaitingRun, event: SamplesGenerated | DocumentRejected, by: str) -> bool:
        """Counts an object's outcome, told by event ``by``, for a waiting run. True when it completes the snapshot."""
        if event.bucket is None or event.key is None or event.chunking != waiting.chunking:
            return False
        experiment = await load_experiment(self._services.artifacts, waiting.run)
        entry = (await self._manifests.of(waiting.run, experiment)).get((event.bucket, event.key))
        if entry is None or not await self._is_current(entry, event):
            return False
        return await self._services.fanin.record_closes(documents_group(waiting.run), _item(entry), by=by)

    async def lose(self, run: str, by: str) -> bool:
        """Counts every object without an outcome as lost. True when event ``by`` completes the snapshot with it."""
        experiment = await load_experiment(self._services.artifacts, run)
        entries = {_item(entry): entry for entry in (await self._manifests.of(run, experiment)).values()}
        missing = await self._services.fanin.missing(documents_group(run), entries)
        for item in missing:
            await self._services.runs.add_failure(run, lost("doc-ingest", entries[item].key))
        await self._services.fanin.record_all(documents_group(run), missing, outcome="failed")
        return await self._services.fanin.closes(documents_group(run), by)

    async def outcomes(self, run: str, experiment: Experiment) -> list[ObjectRecord]:
        """What became of each object of the snapshot, in key order."""
        manifest = await self._manifests.of(run, experiment)
        records = await self._services.corpora.objects(experiment.corpus.name, experiment.chunking.fingerprint())
        return [record for record in records if (record.bucket, record.key) in manifest]

    async def _register(self, event: RunRequested, experiment: Experiment) -> None:
        now = self._clock.now()
        record = RunRecord(run=event.run, name=experiment.name, corpus=event.corpus, created=now, updated=now)
        await self._services.runs.create(record)
        there = await self._services.runs.get(event.run)
        if there is not None and there.status == "requested":  # a repeated request must not set a run back
            await self._services.runs.advance(event.run, "ingesting")

    async def _is_current(self, entry: ManifestEntry, event: SamplesGenerated | DocumentRejected) -> bool:
        """Whether the outcome is of the snapshot's version, or of one that has replaced it since."""
        if event.etag == entry.etag:
            return True
        now = await self._services.artifacts.objects.head(entry.key, bucket=entry.bucket)
        return now is None or now.etag == event.etag


def _item(entry: ManifestEntry) -> str:
    return content_hash([entry.bucket, entry.key])[:32]


def _submission(corpus: str, entry: ManifestEntry, experiment: Experiment) -> DocumentSubmitted:
    return DocumentSubmitted(
        corpus=corpus, bucket=entry.bucket, key=entry.key, etag=entry.etag, chunking=experiment.chunking
    )
