"""The page of a run's samples as the command writes it."""

from __future__ import annotations

from io import StringIO

from cli.samples.page import write_page
from cli.samples.reading import Reading
from cli.samples.survey import survey
from cli.samples.wanted import Wanted
from shared.services import Services
from tests.unit.workers import sampled


async def samples_page(services: Services, language: str = "en", limit: int = 500) -> str:
    """All groups of ``sampled``'s run."""
    target = StringIO()
    reading = Reading(services, await survey(services, sampled.RUN), Wanted(), limit=limit)
    await write_page(target, reading, ("kept", "removed", "rejected"), language)
    return target.getvalue()
