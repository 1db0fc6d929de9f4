"""synthetic-gen: samples for a document, by the corpus's own recipe as it arrives; for any unit by a run's request."""

from __future__ import annotations

from schemas.event import Event
from schemas.events import DocumentIngested, SamplesGenerated, SynthesisBatchDue, SynthesisRequested
from schemas.recipe import Recipe, Unit
from schemas.state import SamplesRecord
from shared.bedrock.ports import Account
from shared.errors import BadInput, BudgetSpent, Poison
from shared.recipes import corpus_recipe, load_recipe, store_recipe
from shared.runs import load_experiment
from shared.runtime.worker import Context, Emitted, Worker
from shared.services import Services
from shared.store import keys
from workers.synthetic_gen.batching import Batching
from workers.synthetic_gen.reading import read_material
from workers.synthetic_gen.writing import write_samples


class SyntheticGen(Worker):
    """DocumentIngested or SynthesisRequested → SamplesGenerated, always: dataset-builder waits for it.

    SynthesisBatchDue → itself again while a batch job runs, then the SynthesisRequested of what that has answered.
    """

    name = "synthetic-gen"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._batching = Batching(services, self.name)

    async def handle(self, event: Event, context: Context) -> Emitted:
        match event:
            case DocumentIngested():
                return [await self._ingested(event)]
            case SynthesisRequested():
                return [await self._requested(event)]
            case SynthesisBatchDue():
                return await self._batching.due(event)
        raise Poison(f"{self.name} does not consume {event.type}")

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        match event:
            case DocumentIngested():
                return [_arrived(event, failure=error)]
            case SynthesisRequested():
                return [_answered(event, failure=error, code="not_written")]
            case SynthesisBatchDue():
                return [*await self._batching.requested(event)]
        return []

    async def _ingested(self, event: DocumentIngested) -> SamplesGenerated:
        try:
            recipe = await corpus_recipe(self.services.artifacts, event.corpus)
        except BadInput as error:
            raise Poison(f"{error}. Correct the file, then redrive this message") from error
        if recipe is None:
            return _arrived(event)
        await store_recipe(self.services.artifacts, event.corpus, recipe)
        unit, fingerprint = Unit(documents=[event.document]), recipe.fingerprint()
        request = SynthesisRequested(corpus=event.corpus, unit=unit, chunking=event.chunking, recipe=fingerprint)
        record = await self._samples(request, recipe, Account(f"corpus/{event.corpus}", self.name))
        return _arrived(event, recipe=fingerprint, kept=record.kept, rejected=record.rejected)

    async def _requested(self, event: SynthesisRequested) -> SamplesGenerated:
        recipe = await load_recipe(self.services.artifacts, event.corpus, event.recipe)
        try:
            record = await self._samples(event, recipe, await self._account(event))
        except BudgetSpent as error:
            return _answered(event, failure=str(error), code="budget")
        return _answered(event, kept=record.kept, rejected=record.rejected)

    async def _account(self, event: SynthesisRequested) -> Account:
        if event.run is None:
            return Account(f"corpus/{event.corpus}", self.name)
        experiment = await load_experiment(self.services.artifacts, event.run)
        return Account(f"run/{event.run}", self.name, experiment.budget_usd)

    async def _samples(self, event: SynthesisRequested, recipe: Recipe, account: Account) -> SamplesRecord:
        """The record of this unit, recipe and round; what exists is not written again."""
        corpora, unit = self.services.corpora, event.unit.name
        known = await corpora.get_samples(event.corpus, event.recipe, event.chunking, event.round, unit)
        if known is not None:
            return known
        record = await self._write(event, recipe, account)
        await corpora.put_samples(record)
        return record

    async def _write(self, event: SynthesisRequested, recipe: Recipe, account: Account) -> SamplesRecord:
        artifacts, where = self.services.artifacts, (event.corpus, event.recipe, event.unit.name, event.chunking)
        material = await read_material(artifacts, event, recipe)
        written = await write_samples(self.services.bedrock, recipe, material, account)
        await artifacts.write_lines(keys.samples(*where, event.round, "rejected"), written.rejected)
        await artifacts.write_lines(keys.samples(*where, event.round, "kept"), written.kept)
        return SamplesRecord(
            corpus=event.corpus,
            unit=event.unit.name,
            documents=event.unit.documents,
            chunking=event.chunking,
            recipe=event.recipe,
            round=event.round,
            asked=written.asked,
            kept=len(written.kept),
            rejected=len(written.rejected),
            everywhere=written.everywhere,
            exhausted=written.exhausted,
        )


def _arrived(
    event: DocumentIngested,
    *,
    recipe: str | None = None,
    kept: int = 0,
    rejected: int = 0,
    failure: str | None = None,
) -> SamplesGenerated:
    return SamplesGenerated(
        corpus=event.corpus,
        unit=event.document,
        chunking=event.chunking,
        recipe=recipe,
        kept=kept,
        rejected=rejected,
        failure=failure,
        bucket=event.bucket,
        key=event.key,
        etag=event.etag,
    )


def _answered(
    event: SynthesisRequested, *, kept: int = 0, rejected: int = 0, failure: str | None = None, code: str | None = None
) -> SamplesGenerated:
    return SamplesGenerated(
        corpus=event.corpus,
        unit=event.unit.name,
        chunking=event.chunking,
        recipe=event.recipe,
        round=event.round,
        kept=kept,
        rejected=rejected,
        failure=failure,
        code=code,
        run=event.run,
    )
