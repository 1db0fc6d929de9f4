"""What a round of a unit is written from, read from where doc-ingest and earlier rounds have left it."""

from __future__ import annotations

from schemas.artifacts import Chunk, Document, Sample
from schemas.events import SynthesisRequested
from schemas.recipe import Recipe
from shared.concurrency import gathered
from shared.errors import Poison
from shared.store import keys
from shared.store.artifacts import Artifacts
from workers.synthetic_gen.writing import Material


async def read_material(artifacts: Artifacts, event: SynthesisRequested, recipe: Recipe) -> Material:
    """Documents, chunks and the questions of earlier rounds. Raises Poison for a chunk that no document has."""
    places = [(event.corpus, document, event.chunking) for document in event.unit.documents]
    read, read_lines = artifacts.read, artifacts.read_lines
    documents = await gathered(read(keys.document(*place, "document.json"), Document) for place in places)
    cut = await gathered(read_lines(keys.document(*place, "chunks.jsonl"), Chunk) for place in places)
    return Material(
        unit=event.unit,
        chunks=_shown(event, [chunk for own in cut for chunk in own]),
        titles={document.document: document.title or "" for document in documents},
        language=documents[0].language if recipe.language == "auto" else recipe.language,
        round=event.round,
        avoid=await _earlier_questions(artifacts, event),
    )


def _shown(event: SynthesisRequested, chunks: list[Chunk]) -> list[Chunk]:
    if not event.unit.chunks:
        return chunks
    by_id = {chunk.id: chunk for chunk in chunks}
    try:
        return [by_id[id] for id in event.unit.chunks]
    except KeyError as error:
        raise Poison(f"unit {event.unit.name} names chunk {error}, which none of its documents has") from error


async def _earlier_questions(artifacts: Artifacts, event: SynthesisRequested) -> list[str]:
    where = (event.corpus, event.recipe, event.unit.name, event.chunking)
    rounds = (keys.samples(*where, round) for round in range(event.round))
    earlier = await gathered(artifacts.read_lines(key, Sample) for key in rounds)
    return [sample.question for samples in earlier for sample in samples]
