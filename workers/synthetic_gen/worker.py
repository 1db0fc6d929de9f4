"""synthetic-gen: samples for a document, by the corpus's own recipe as it arrives or by a run's on request."""

from __future__ import annotations

import yaml
from pydantic import ValidationError

from schemas.artifacts import Chunk, Document, Sample
from schemas.event import Event
from schemas.events import DocumentIngested, SamplesGenerated, SynthesisRequested
from schemas.recipe import Recipe
from schemas.state import SamplesRecord
from shared.errors import Poison
from shared.runtime.worker import Context, Emitted, Worker
from shared.store import keys
from workers.synthetic_gen.writing import write_samples


class SyntheticGen(Worker):
    """DocumentIngested or SynthesisRequested → SamplesGenerated, always: dataset-builder waits for it."""

    name = "synthetic-gen"

    async def handle(self, event: Event, context: Context) -> Emitted:
        match event:
            case DocumentIngested():
                return [await self._ingested(event)]
            case SynthesisRequested():
                return [await self._requested(event)]
        raise Poison(f"{self.name} does not consume {event.type}")

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        match event:
            case DocumentIngested():
                return [_arrived(event, failure=error)]
            case SynthesisRequested():
                return [_answered(event, kept=0, rejected=0, failure=error)]
        return []

    async def _ingested(self, event: DocumentIngested) -> SamplesGenerated:
        recipe = await self._corpus_recipe(event.corpus)
        if recipe is None:
            return _arrived(event)
        request = SynthesisRequested(
            corpus=event.corpus, document=event.document, chunking=event.chunking, recipe=recipe
        )
        record = await self._samples(request)
        return _arrived(event, recipe=record.recipe, kept=record.kept, rejected=record.rejected)

    async def _requested(self, event: SynthesisRequested) -> SamplesGenerated:
        record = await self._samples(event)
        return _answered(event, kept=record.kept, rejected=record.rejected)

    async def _samples(self, event: SynthesisRequested) -> SamplesRecord:
        """The record of this document, recipe and round; what exists is not written again."""
        recipe = event.recipe.fingerprint()
        known = await self.services.corpora.samples(event.corpus, recipe, event.chunking, event.round)
        if event.document in known:
            return known[event.document]
        kept, rejected = await self._write(event)
        record = SamplesRecord(
            corpus=event.corpus,
            document=event.document,
            chunking=event.chunking,
            recipe=recipe,
            round=event.round,
            kept=kept,
            rejected=rejected,
        )
        await self.services.corpora.put_samples(record)
        return record

    async def _write(self, event: SynthesisRequested) -> tuple[int, int]:
        artifacts, fingerprint = self.services.artifacts, event.recipe.fingerprint()
        where = (event.corpus, event.document, event.chunking)
        document = await artifacts.read(keys.document(*where, "document.json"), Document)
        chunks = await artifacts.read_lines(keys.document(*where, "chunks.jsonl"), Chunk)
        avoid = await self._earlier_questions(event)
        written = await write_samples(self.services.bedrock, event.recipe, document, chunks, avoid=avoid)
        for kind, samples in (("rejected", written.rejected), ("kept", written.kept)):
            key = keys.samples(event.corpus, fingerprint, event.document, event.chunking, event.round, kind)
            await artifacts.write_lines(key, samples)
        return len(written.kept), len(written.rejected)

    async def _earlier_questions(self, event: SynthesisRequested) -> list[str]:
        questions: list[str] = []
        for round in range(event.round):
            key = keys.samples(event.corpus, event.recipe.fingerprint(), event.document, event.chunking, round)
            questions += [sample.question for sample in await self.services.artifacts.read_lines(key, Sample)]
        return questions

    async def _corpus_recipe(self, corpus: str) -> Recipe | None:
        """The corpus's own recipe, if it has one. A broken recipe.yaml is poison: it names what is wrong."""
        key = keys.corpus_config(corpus, "recipe.yaml")
        try:
            return Recipe.model_validate(yaml.safe_load(await self.services.artifacts.read_bytes(key)))
        except KeyError:
            return None
        except (yaml.YAMLError, ValidationError) as error:
            raise Poison(f"{key} is no recipe: {error}. Correct the file, then redrive this message") from error


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
        document=event.document,
        chunking=event.chunking,
        recipe=recipe,
        kept=kept,
        rejected=rejected,
        failure=failure,
        bucket=event.bucket,
        key=event.key,
        etag=event.etag,
    )


def _answered(event: SynthesisRequested, *, kept: int, rejected: int, failure: str | None = None) -> SamplesGenerated:
    return SamplesGenerated(
        corpus=event.corpus,
        document=event.document,
        chunking=event.chunking,
        recipe=event.recipe.fingerprint(),
        round=event.round,
        kept=kept,
        rejected=rejected,
        failure=failure,
        run=event.run,
    )
