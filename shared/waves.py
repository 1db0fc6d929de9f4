"""The waves of a run's synthesis: which units it asks, each with its round. Settled once, then never changed."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import WaveItem
from schemas.base import content_hash
from schemas.events import SynthesisRequested
from shared.services import Services
from shared.store import keys


async def settle_wave(services: Services, run: str, wave: int, items: Sequence[WaveItem]) -> None:
    """Proposes a wave's items. Of handlers that decide at once, one decides."""
    digest = content_hash([item.name for item in items])[:16]
    await services.artifacts.write_lines(_key(run, wave, digest), items)
    await services.runs.first(run, f"wave-{wave}", digest)


async def read_wave(services: Services, run: str, wave: int) -> list[WaveItem] | None:
    """A wave's items; None before they are settled."""
    digest = await services.runs.known(run, f"wave-{wave}")
    return None if digest is None else await services.artifacts.read_lines(_key(run, wave, digest), WaveItem)


def request(item: WaveItem, *, run: str, corpus: str, chunking: str, recipe: str) -> SynthesisRequested:
    """What asks for one item of a wave."""
    return SynthesisRequested(
        corpus=corpus, unit=item.unit, chunking=chunking, recipe=recipe, round=item.round, run=run
    )


def _key(run: str, wave: int, digest: str) -> str:
    return keys.run(run, f"waves/{wave}-{digest}.jsonl")
