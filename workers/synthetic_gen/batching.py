"""A wave's teacher calls as one batch inference job; then its samples are requested and written as ever."""

from __future__ import annotations

from schemas.event import Event
from schemas.events import SynthesisBatchDue, SynthesisRequested
from schemas.recipe import Recipe
from shared.batching import BatchJobs, look_delay_s
from shared.bedrock.ports import Account
from shared.bedrock.turns import Turn
from shared.runs import load_experiment
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.store import keys
from shared.waves import read_wave, request
from workers.synthetic_gen.reading import read_material
from workers.synthetic_gen.writing import requests


class Batching:
    """Batch jobs of runs' waves."""

    def __init__(self, services: Services, part: str) -> None:
        self._services = services
        self._jobs = BatchJobs(services)
        self._part = part

    async def due(self, event: SynthesisBatchDue) -> list[Event | Delayed]:
        """Starts the wave's job, or looks at it; once it has ended, the requests of what it has answered."""
        if await self._services.runs.active(event.run) is None:
            await self._jobs.stop(event.run, _job(event))
            return []
        experiment = await load_experiment(self._services.artifacts, event.run)
        account = Account(f"run/{event.run}", self._part, experiment.budget_usd)
        if await self._jobs.settled(event.run, _job(event), account, lambda: self._turns(event)):
            return [*await self.requested(event)]
        return [Delayed(event.model_copy(update={"poll": event.poll + 1}), look_delay_s(event.poll))]

    async def requested(self, event: SynthesisBatchDue) -> list[SynthesisRequested]:
        """The requests of the wave, made one by one."""
        run = await self._services.runs.active(event.run)
        items = await read_wave(self._services, event.run, event.wave)
        if run is None or items is None:
            return []
        experiment = await load_experiment(self._services.artifacts, event.run)
        recipe = await self._services.artifacts.read(keys.run(event.run, "recipe.json"), Recipe)
        chunking = experiment.chunking.fingerprint()
        named = {"run": event.run, "corpus": run.corpus, "chunking": chunking, "recipe": recipe.fingerprint()}
        return [request(item, **named) for item in items]

    async def _turns(self, event: SynthesisBatchDue) -> list[Turn]:
        """What the wave asks of the teacher."""
        recipe = await self._services.artifacts.read(keys.run(event.run, "recipe.json"), Recipe)
        found: list[Turn] = []
        for wanted in await self.requested(event):
            material = await read_material(self._services.artifacts, wanted, recipe)
            found += [turn for _, turn in requests(material, recipe)]
        return found


def _job(event: SynthesisBatchDue) -> str:
    return f"batch-{event.wave}"
