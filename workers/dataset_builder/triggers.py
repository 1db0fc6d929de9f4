"""Runs that start by themselves: at N new documents, or after T quiet minutes, as the corpus's pipeline.yaml says."""

from __future__ import annotations

from schemas.base import content_hash
from schemas.event import Event
from schemas.events import CorpusQuietDue, DocumentRejected, RunRequested, SamplesGenerated
from schemas.pipeline import Pipeline, StartWhen
from shared.clock import Clock
from shared.errors import BadInput
from shared.pipeline import load_pipeline
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.store import keys
from shared.store.ports import Item

LONGEST_DELAY_S = 900.0
"""SQS carries 15 minutes; a longer quiet time is waited for in steps."""


class Triggers:
    """Counts arrivals and starts runs over them."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self._services = services
        self._clock = clock

    async def arrived(self, event: SamplesGenerated | DocumentRejected) -> list[Event | Delayed]:
        """What a newly ingested object sets off: a run, or the waiting for quiet."""
        if not isinstance(event, SamplesGenerated) or event.key is None:
            return []
        pipeline = await load_pipeline(self._services.artifacts, event.corpus)
        if pipeline is None or pipeline.start is None:
            return []
        arrival = content_hash([event.bucket, event.key, event.etag])[:32]
        stored = await self._services.corpora.add_arrival(event.corpus, arrival, self._clock.now())
        if stored["run"] is not None:
            return [RunRequested(run=str(stored["run"]), corpus=event.corpus)]
        return await self._start_or_wait(event.corpus, pipeline, pipeline.start, arrival)

    async def quiet_due(self, event: CorpusQuietDue) -> list[Event | Delayed]:
        """Starts a run if nothing has arrived since; waits on if the time is not up."""
        pipeline = await load_pipeline(self._services.artifacts, event.corpus)
        stored = await self._services.corpora.get_arrival(event.corpus, event.arrival)
        if pipeline is None or pipeline.start is None or stored is None:
            return []
        if stored["run"] is not None:
            return [RunRequested(run=str(stored["run"]), corpus=event.corpus)]
        arrivals = await self._services.corpora.new_arrivals(event.corpus)
        if arrivals[-1]["arrival"] != event.arrival:
            return []
        left = event.due - self._clock.now()
        if left > 0:
            return [Delayed(event, min(left, LONGEST_DELAY_S))]
        return await self._start(event.corpus, pipeline, arrivals, event.arrival)

    async def _start_or_wait(
        self, corpus: str, pipeline: Pipeline, start: StartWhen, arrival: str
    ) -> list[Event | Delayed]:
        arrivals = await self._services.corpora.new_arrivals(corpus)
        if start.new_documents is not None and len(arrivals) >= start.new_documents:
            return await self._start(corpus, pipeline, arrivals, arrival)
        if start.quiet_minutes is None:
            return []
        wait_s = start.quiet_minutes * 60
        due = CorpusQuietDue(corpus=corpus, arrival=arrival, due=self._clock.now() + wait_s)
        return [Delayed(due, min(wait_s, LONGEST_DELAY_S))]

    async def _start(self, corpus: str, pipeline: Pipeline, arrivals: list[Item], own: str) -> list[Event | Delayed]:
        """Requests a run named by the arrivals it is for.

        The arrival that sets it off is taken first: delivered again after a crash, it finds its run and asks again.
        """
        run = f"{corpus}-{content_hash([item['arrival'] for item in arrivals])[:12]}"
        for source, name in ((pipeline.run, "run.yaml"), (pipeline.ground_truth, "ground_truth.jsonl")):
            await self._copy(corpus, source, keys.run(run, name))
        others = [str(item["arrival"]) for item in arrivals if item["arrival"] != own]
        for arrival in [own, *others]:
            await self._services.corpora.take_arrival(corpus, arrival, run)
        return [RunRequested(run=run, corpus=corpus)]

    async def _copy(self, corpus: str, name: str, target: str) -> None:
        source = keys.corpus_config(corpus, name)
        try:
            body = await self._services.artifacts.read_bytes(source)
        except KeyError:
            raise BadInput(
                f"pipeline.yaml of corpus {corpus} wants {source}, which does not exist; put it there"
            ) from None
        await self._services.artifacts.write_bytes(target, body, "application/octet-stream")
