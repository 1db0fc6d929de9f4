"""A run's synthesis: units are asked wave by wave, until there are enough samples or nothing more is to be had."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from schemas.artifacts import Failure, Sample, SnapshotDocument, WaveItem
from schemas.event import Event
from schemas.events import SamplesGenerated, SynthesisBatchDue
from schemas.experiment import Experiment
from schemas.recipe import Unit
from schemas.state import RunRecord, SamplesRecord, WaitingRun
from shared.bedrock.routing import by_batch
from shared.concurrency import gathered
from shared.quotas import SLOTS_PER_CALL, Size, quota
from shared.runs import samples_group
from shared.services import Services
from shared.store import keys
from shared.waves import read_wave, request, settle_wave
from workers.dataset_builder.losing import lost
from workers.dataset_builder.planning import Plan
from workers.dataset_builder.waves import MAX_ROUNDS, MAX_WAVES, next_wave

KEPT = 32
"""Waves held in memory."""

BUDGET = "budget"
"""Code, and item, of the failure that says that the run's budget is spent."""


class Synthesis:
    """Asks for samples on behalf of runs, and reads what there is."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waves: dict[tuple[str, int], list[WaveItem]] = {}

    async def ask(
        self, run: RunRecord, experiment: Experiment, plan: Plan, wave: int, missing: int, by: str
    ) -> tuple[bool, list[Event]] | None:
        """Registers a wave. Returns whether it is complete with this, and requests for what is not written yet; None
        when no unit has more to give, or the budget or the waves are used up."""
        items = await self._fixed(run, experiment, plan, wave, missing)
        if not items or plan.recipe is None:
            return None
        group, chunking, recipe = samples_group(run.run, wave), _chunking(experiment), plan.recipe.fingerprint()
        await self._services.fanin.expect(group, len(items))
        waiting = WaitingRun(run=run.run, chunking=chunking, recipe=recipe, wave=wave)
        await self._services.corpora.put_waiting(run.corpus, waiting)
        await self._services.runs.advance(run.run, "synthesizing", wave=wave)
        records = await self._records(run, experiment, plan)  # again: what was written before the run waited for it
        done = [item for item in items if item.round < len(records.get(item.unit.name, ()))]
        await self._services.fanin.record_all(group, [item.name for item in done])
        left = [item for item in items if item not in done]
        named = {"run": run.run, "corpus": run.corpus, "chunking": chunking, "recipe": recipe}
        requests: list[Event] = [request(item, **named) for item in left]
        facts = await self._services.models.of(plan.recipe.teacher)
        if by_batch(experiment.synthesis.batch, facts, _calls(plan, left)):
            requests = [SynthesisBatchDue(run=run.run, revision=run.revision, wave=wave)]
        return await self._services.fanin.closes(group, by), requests

    async def answered(self, waiting: WaitingRun, event: SamplesGenerated, by: str) -> int | None:
        """Counts samples told of by event ``by``. The wave that it completes, or None."""
        for wave in range(waiting.wave, -1, -1):
            items = {item.name: item for item in await self._wave(waiting.run, wave)}
            item = items.get(f"{event.unit}/{event.round}")
            if item is not None:
                await self._note(waiting.run, item.unit, event)
                closes = await self._services.fanin.record_closes(samples_group(waiting.run, wave), item.name, by=by)
                return wave if closes else None
        return None

    async def lose(self, run: RunRecord, by: str) -> bool:
        """Counts every unit without samples in the present wave as lost. True when event ``by`` completes it."""
        group = samples_group(run.run, run.wave)
        items = {item.name: item for item in await self._wave(run.run, run.wave)}
        missing = await self._services.fanin.missing(group, items)
        titles = await self._titles(run.run, [items[name].unit for name in missing])
        for name in missing:
            failure = lost("synthetic-gen", titles[items[name].unit.name])
            await self._services.runs.add_failure(run.run, failure)
        await self._services.fanin.record_all(group, missing, outcome="failed")
        return await self._services.fanin.closes(group, by)

    async def samples(self, run: RunRecord, experiment: Experiment, plan: Plan) -> list[Sample]:
        """Every sample of the plan's recipe and units, in the order of units and rounds."""
        if plan.recipe is None:
            return []
        records, places = await self._records(run, experiment, plan), []
        for planned in plan.units:
            own = records.get(planned.unit.name, ())
            places += [keys.samples_of(record) for record in own if record.kept]
        batches = await gathered(self._services.artifacts.read_lines(key, Sample) for key in places)
        return [sample for batch in batches for sample in batch]

    async def records(self, run: RunRecord, experiment: Experiment, plan: Plan) -> list[SamplesRecord]:
        """What was written for the plan's units."""
        found = await self._records(run, experiment, plan)
        return [record for planned in plan.units for record in found.get(planned.unit.name, ())]

    async def of_evaluation(self, run: RunRecord, experiment: Experiment, plan: Plan) -> int:
        """Samples of the recipe that were written earlier about documents which this run evaluates with: never used."""
        teaching = set(plan.split.train_documents)
        found = [record for own in (await self._records(run, experiment, plan)).values() for record in own]
        return sum(record.kept for record in found if not teaching.issuperset(record.documents))

    async def _fixed(
        self, run: RunRecord, experiment: Experiment, plan: Plan, wave: int, missing: int
    ) -> list[WaveItem]:
        """The wave's items, as whoever decided first decided them."""
        failures = await self._services.runs.failures(run.run)
        if wave >= MAX_WAVES or plan.recipe is None or any(failure.code == BUDGET for failure in failures):
            return []
        failed = {failure.item for failure in failures if failure.stage == "synthetic-gen"}
        titles = await self._titles(run.run, [planned.unit for planned in plan.units]) if failed else {}
        items = next_wave(
            plan.units,
            await self._records(run, experiment, plan),
            frozenset(name for name, title in titles.items() if title in failed),
            plan.recipe,
            missing=missing,
            seed=experiment.seed,
        )
        await settle_wave(self._services, run.run, wave, items)
        return await self._wave(run.run, wave)

    async def _wave(self, run: str, wave: int) -> list[WaveItem]:
        """A wave's items, which never change once they are settled; none before."""
        if (run, wave) not in self._waves:
            items = await read_wave(self._services, run, wave)
            if items is None:
                return []
            self._waves[run, wave] = items
            while len(self._waves) > KEPT:
                self._waves.pop(next(iter(self._waves)))
        return self._waves[run, wave]

    async def _records(self, run: RunRecord, experiment: Experiment, plan: Plan) -> dict[str, list[SamplesRecord]]:
        """Records of the recipe by unit, each unit's rounds from 0 on without a gap."""
        found: dict[str, list[SamplesRecord]] = defaultdict(list)
        if plan.recipe is None:
            return found
        recipe, chunking = plan.recipe.fingerprint(), _chunking(experiment)
        for round in range(MAX_ROUNDS):
            written = await self._services.corpora.samples(run.corpus, recipe, chunking, round)
            if not written:
                break
            for name, record in written.items():
                if len(found[name]) == round:
                    found[name].append(record)
        return found

    async def _note(self, run: str, unit: Unit, event: SamplesGenerated) -> None:
        if event.failure is None:
            return
        item = BUDGET if event.code == BUDGET else (await self._titles(run, [unit]))[unit.name]
        code = event.code or "not_written"
        await self._services.runs.add_failure(
            run, Failure(stage="synthetic-gen", item=item, code=code, message=event.failure)
        )

    async def _titles(self, run: str, units: Sequence[Unit]) -> dict[str, str]:
        """The units, by name, as a person knows them: by the keys of their documents."""
        documents = await self._services.artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
        names = {document.document: document.key for document in documents}
        return {unit.name: " + ".join(names.get(document, document) for document in unit.documents) for unit in units}


def shortfall(
    name: str, asked: int, built: int, removed: dict[str, int], records: Sequence[SamplesRecord], budget: bool
) -> Failure:
    """Why an arm has fewer synthetic samples than it asks for."""
    questions, kept = sum(record.asked for record in records), sum(record.kept for record in records)
    rejected = sum(record.rejected for record in records)
    out = "".join(f", {count} of them taken out as {reason}" for reason, count in removed.items())
    why = "the budget is spent" if budget else "the documents hold no more"
    message = (
        f"asked for {asked} synthetic samples, built with {built}: {why}. The teacher was asked {questions} "
        f"questions; {kept} samples were kept{out}, {rejected} rejected, and {max(0, questions - kept - rejected)} "
        f"could not be had; {'raise budget_usd' if budget else 'lower train.synthetic or add documents'}"
    )
    return Failure(stage="dataset-builder", item=name, code="shortfall", message=message)


def _chunking(experiment: Experiment) -> str:
    return experiment.chunking.fingerprint()


def _calls(plan: Plan, items: Sequence[WaveItem]) -> int:
    """Teacher calls that the items take, at least."""
    sizes = {planned.unit.name: Size(planned.tokens, planned.chunks) for planned in plan.units}
    assert plan.recipe is not None
    asked = (quota(item.unit, sizes[item.unit.name], plan.recipe, item.round) for item in items)
    return sum(math.ceil(questions / SLOTS_PER_CALL) for questions in asked)
