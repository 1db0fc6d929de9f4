"""dataset-builder: takes a run from its request to one dataset per arm.

    RunRequested ─► gathering: every object ingested or rejected
                 ─► planning: split fixed, missing samples asked for, wave by wave
                 ─► building: DatasetReady per arm

Each stage ends when its fan-in is complete; whoever finds it complete goes on. All of it may run twice.
"""

from __future__ import annotations

from collections.abc import Awaitable

from schemas.event import Event
from schemas.events import CorpusQuietDue, DocumentRejected, ReportDue, RunRequested, RunSweepDue, SamplesGenerated
from schemas.experiment import Experiment
from schemas.state import RunRecord, WaitingRun
from shared.clock import Clock, SystemClock
from shared.errors import BadInput, Poison
from shared.runs import fail_run, load_evaluation, load_experiment
from shared.runtime.offload import in_thread
from shared.runtime.worker import Context, Delayed, Emitted, Worker
from shared.services import Services
from workers.dataset_builder.building import Building
from workers.dataset_builder.gathering import Gathering
from workers.dataset_builder.holding import limits_of, question_vectors
from workers.dataset_builder.manifest import Manifests
from workers.dataset_builder.planning import Plan, load_plan, make_plan
from workers.dataset_builder.recipes import wanted_synthetic
from workers.dataset_builder.selection import Known, Selection, select
from workers.dataset_builder.semantic import Vectors
from workers.dataset_builder.sweeping import FIRST_SWEEP_S, Sweeping, next_sweep
from workers.dataset_builder.synthesis import Synthesis
from workers.dataset_builder.triggers import Triggers

_selected = in_thread(select)


class DatasetBuilder(Worker):
    """RunRequested, SamplesGenerated, DocumentRejected → DatasetReady per arm."""

    name = "dataset-builder"

    def __init__(self, services: Services, clock: Clock | None = None) -> None:
        super().__init__(services)
        clock = clock or SystemClock()
        self._gathering = Gathering(services, Manifests(services), clock)
        self._sweeping = Sweeping(services, clock)
        self._triggers = Triggers(services, clock)
        self._synthesis = Synthesis(services)

    async def handle(self, event: Event, context: Context) -> Emitted:
        match event:
            case RunRequested():
                return await self._guarded(event.run, self._start(event, context.event_id))
            case SamplesGenerated() | DocumentRejected():
                return await self._outcome(event, context)
            case RunSweepDue():
                return await self._sweep(event, context.event_id)
            case CorpusQuietDue():
                return await self._triggers.quiet_due(event)
        raise Poison(f"{self.name} does not consume {event.type}")

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        match event:
            case RunRequested():
                return await fail_run(self.services, event.run, error)
            case SamplesGenerated() | DocumentRejected():
                waiting = await self.services.corpora.waiting_runs(event.corpus)
                return [e for w in waiting for e in await fail_run(self.services, w.run, error)]
            case RunSweepDue():
                return [next_sweep(event)] if await self._sweeping.live(event) else []
        return []

    async def _start(self, event: RunRequested, by: str) -> Emitted:
        sweep = Delayed(RunSweepDue(run=event.run), FIRST_SWEEP_S)
        closes, requests = await self._gathering.start(event, by)
        return [sweep, *requests, *(await self._plan(event.run, by) if closes else [])]

    async def _outcome(self, event: SamplesGenerated | DocumentRejected, context: Context) -> Emitted:
        """Tells every waiting run of an object's or document's outcome; a run that it completes goes on."""
        emitted = [*await self._arrived(event, context)]
        for waiting in await self.services.corpora.waiting_runs(event.corpus):
            emitted += await self._guarded(waiting.run, self._tell(waiting, event, context.event_id))
        return emitted

    async def _arrived(self, event: SamplesGenerated | DocumentRejected, context: Context) -> Emitted:
        """A wrong pipeline.yaml starts no run, and hinders none that was asked for."""
        try:
            return await self._triggers.arrived(event)
        except BadInput as error:
            context.log.warning("pipeline_ignored", action="pipeline_ignored", corpus=event.corpus, error=str(error))
            return []

    async def _tell(self, waiting: WaitingRun, event: SamplesGenerated | DocumentRejected, by: str) -> Emitted:
        """Events of a stage that is over still count: their handler may have died before it emitted."""
        if await self._gathering.arrived(waiting, event, by):
            return await self._plan(waiting.run, by)
        if isinstance(event, SamplesGenerated) and _answers(event, waiting):
            return await self._sampled(waiting, event, by)
        return []

    async def _sampled(self, waiting: WaitingRun, event: SamplesGenerated, by: str) -> Emitted:
        wave = await self._synthesis.answered(waiting, event, by)
        return [] if wave is None else await self._after_wave(waiting.run, wave, by)

    async def _plan(self, run: str, by: str) -> Emitted:
        record = await self.services.runs.active(run)
        if record is None:
            return []
        experiment = await load_experiment(self.services.artifacts, run)
        plan = await make_plan(self.services, record, experiment, await self._gathering.outcomes(run, experiment))
        return await self._go_on(record, experiment, plan, 0, by)

    async def _after_wave(self, run: str, wave: int, by: str) -> Emitted:
        record = await self.services.runs.active(run)
        if record is None:
            return []
        experiment = await load_experiment(self.services.artifacts, run)
        return await self._go_on(record, experiment, await load_plan(self.services, run), wave + 1, by)

    async def _go_on(self, record: RunRecord, experiment: Experiment, plan: Plan, wave: int, by: str) -> Emitted:
        """Enough samples, or no more to be had: build. Else the wave ``wave``."""
        selection, vectors = await self._select(record, experiment, plan)
        missing = wanted_synthetic(experiment) - len(selection.samples)
        asked = await self._synthesis.ask(record, experiment, plan, wave, missing, by) if missing > 0 else None
        if asked is None:
            await self.services.runs.advance(record.run, "building")
            building = Building(self.services, record, experiment, plan, selection, vectors)
            return await building.build(self._synthesis)
        closes, requests = asked
        return [*requests, *(await self._after_wave(record.run, wave, by) if closes else [])]

    async def _select(self, record: RunRecord, experiment: Experiment, plan: Plan) -> tuple[Selection, Vectors]:
        """What of the samples is usable, and the vectors of all questions that it was told by."""
        samples = await self._synthesis.samples(record, experiment, plan)
        evaluation = await load_evaluation(self.services.artifacts, record.run)
        questions = [sample.question for sample in samples]
        questions += [pair.question for pair in (*plan.train, *evaluation)]
        vectors = await question_vectors(self.services.bedrock, experiment, record.run, questions)
        known = Known(plan.train, evaluation, limits_of(experiment), vectors, plan.leaky)
        types = plan.recipe.types if plan.recipe else {}
        return await _selected(samples, known, types=types, seed=experiment.seed), vectors

    async def _sweep(self, event: RunSweepDue, by: str) -> Emitted:
        record = await self._sweeping.live(event)
        if record is None:
            return await self._sweeping.teardown(event)
        swept = await self._sweeping.sweep(event, record, by)
        further = await self._guarded(event.run, self._without_lost(record, by))
        return [*swept, *(entry for entry in further if entry not in swept)]

    async def _without_lost(self, record: RunRecord, by: str) -> Emitted:
        """A run whose documents or samples never come goes on without them."""
        if not self._sweeping.overdue(record):
            return []
        if record.status == "ingesting":
            return await self._plan(record.run, by) if await self._gathering.lose(record.run, by) else []
        if record.status == "synthesizing":
            closes = await self._synthesis.lose(record, by)
            return await self._after_wave(record.run, record.wave, by) if closes else []
        return []

    async def _guarded(self, run: str, work: Awaitable[Emitted]) -> Emitted:
        """A person's mistake ends that run with its message; it is no fault of the event that brought it to light."""
        try:
            emitted = await work
        except BadInput as error:
            return await fail_run(self.services, run, str(error))
        record = await self.services.runs.get(run)
        if record is None or record.status != "reporting" or record.reason is None:
            return emitted
        # whoever failed the run may have died before it said so
        due = ReportDue(run=run, revision=record.revision)
        return emitted if due in emitted else [*emitted, due]


def _answers(event: SamplesGenerated, waiting: WaitingRun) -> bool:
    """Whether the event is what the run waits for, or waited for. Another run's failed request is not."""
    if event.failure is not None and event.run != waiting.run:
        return False
    return waiting.recipe is not None and (event.recipe, event.chunking) == (waiting.recipe, waiting.chunking)
