"""A wave's teacher calls as one batch inference job. Its answers fill the cache; then the samples are written as ever.

Whatever goes wrong with the job, the samples are requested all the same: calls that it left open are made one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from schemas.base import content_hash
from schemas.event import Event
from schemas.events import SynthesisBatchDue, SynthesisRequested
from schemas.experiment import Experiment
from schemas.recipe import Recipe
from schemas.state import RunRecord
from shared.bedrock.batches import Batch, batch_record, read_results
from shared.bedrock.cache import AnswerCache
from shared.bedrock.ports import Account, Answer
from shared.bedrock.requests import converse_request, usage_of, worst_converse
from shared.bedrock.tags import tags
from shared.bedrock.usage import Usage, cost_nano
from shared.concurrency import gathered
from shared.errors import BudgetSpent
from shared.runs import load_experiment
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.store import keys
from shared.waves import read_wave, request
from workers.synthetic_gen.asking import Request
from workers.synthetic_gen.reading import read_material
from workers.synthetic_gen.writing import requests

FIRST_LOOK_S = 60.0
LONGEST_LOOK_S = 900.0
"""SQS carries delays of up to 15 minutes."""


class Batching:
    """Batch jobs of runs' waves, each found again by its name."""

    def __init__(self, services: Services, part: str) -> None:
        self._services = services
        self._cache = AnswerCache(services.artifacts.objects)
        self._part = part

    async def due(self, event: SynthesisBatchDue) -> list[Event | Delayed]:
        """Starts the wave's job, or looks at it; once it has ended, the requests of what it has answered."""
        run = await self._services.runs.active(event.run)
        if run is None:
            await self._stop(event)
            return []
        experiment = await load_experiment(self._services.artifacts, event.run)
        arn = await self._services.runs.known(event.run, _job(event)) or await self._start(event, run, experiment)
        if arn is None:
            return [*await self.requested(event)]
        batch = await self._services.batches.get(arn)
        if not batch.ended:
            delay = min(LONGEST_LOOK_S, FIRST_LOOK_S * 2 ** min(event.poll, 10))
            return [Delayed(event.model_copy(update={"poll": event.poll + 1}), delay)]
        await self._take(event, run, experiment, batch)
        return [*await self.requested(event)]

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

    async def _start(self, event: SynthesisBatchDue, run: RunRecord, experiment: Experiment) -> str | None:
        """The job's ARN; None when there is nothing to ask, or no money for it."""
        asked = await self._asked(event)
        if not asked:
            return None
        try:
            await self._reserve(experiment, run, asked.values())
        except BudgetSpent:
            return None
        name = f"{event.run[:40]}-w{event.wave}-{content_hash(sorted(asked))[:8]}"
        objects = self._services.artifacts.objects
        lines = (batch_record(digest, r.system, r.user, r.max_tokens) for digest, r in sorted(asked.items()))
        body = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
        await objects.put(keys.batch_input(name), body, content_type="application/x-ndjson")
        arn = await self._services.batches.create(
            name=name,
            token=content_hash([event.run, event.wave])[:32],
            model=next(iter(asked.values())).model,
            input_uri=f"s3://{objects.bucket}/{keys.batch_input(name)}",
            output_uri=f"s3://{objects.bucket}/{keys.batch_output(name)}",
            tags=tags(self._services.settings.name, event.run),
        )
        return await self._services.runs.first(event.run, _job(event), arn)

    async def _asked(self, event: SynthesisBatchDue) -> dict[str, Request]:
        """What the wave asks of the teacher and no cache knows, by the name of its answer."""
        recipe = await self._services.artifacts.read(keys.run(event.run, "recipe.json"), Recipe)
        found: dict[str, Request] = {}
        for wanted in await self.requested(event):
            material = await read_material(self._services.artifacts, wanted, recipe)
            found |= {_digest(asked): asked for _, asked in requests(material, recipe)}
        known = await gathered(self._cache.get(digest) for digest in found)
        return {digest: asked for (digest, asked), answer in zip(found.items(), known, strict=True) if answer is None}

    async def _reserve(self, experiment: Experiment, run: RunRecord, asked: Iterable[Request]) -> None:
        await self._services.ledger.reserve(self._account(experiment, run), await self._worst(asked))

    async def _worst(self, asked: Iterable[Request]) -> int:
        """Nano-dollars that the calls can cost at most, at the batch price; 0 where it is unknown."""
        return sum([await self._cost(r.model, worst_converse(r.system, r.user, r.max_tokens, cached=False)) or 0
                    for r in asked])  # fmt: skip

    async def _cost(self, model: str, usage: Usage) -> int | None:
        return cost_nano(usage, await self._services.models.of(model), batch=True)

    async def _take(self, event: SynthesisBatchDue, run: RunRecord, experiment: Experiment, batch: Batch) -> None:
        """Puts the job's answers where the calls will find them, and counts what they cost."""
        asked = await self._asked(event)
        answers = {digest: answer for digest, answer in await self._results(batch) if digest in asked}
        await gathered(self._cache.put(digest, answer) for digest, answer in answers.items())
        account, reserved = self._account(experiment, run), await self._worst(asked.values())
        for digest, answer in answers.items():
            model, usage = asked[digest].model, usage_of(answer)
            await self._services.ledger.settle(account, model, usage, await self._cost(model, usage), 0)
        if account.budget_usd is not None:
            await self._services.ledger.release(account, reserved)

    async def _results(self, batch: Batch) -> list[tuple[str, Answer]]:
        """The job's answers by record id. A job that failed or expired has none, or some: they are taken."""
        key = batch.output_uri.removeprefix("s3://").partition("/")[2] + "input.jsonl.out"
        try:
            body = await self._services.artifacts.objects.get(key)
        except KeyError:
            return []
        found = read_results(body.decode().split("\n"))
        return [(digest, answer) for digest, answer in found if isinstance(answer, Answer)]

    async def _stop(self, event: SynthesisBatchDue) -> None:
        arn = await self._services.runs.known(event.run, _job(event))
        if arn is not None:
            await self._services.batches.stop(arn)

    def _account(self, experiment: Experiment, run: RunRecord) -> Account:
        return Account(f"run/{run.run}", self._part, experiment.budget_usd)


def _job(event: SynthesisBatchDue) -> str:
    return f"batch-{event.wave}"


def _digest(asked: Request) -> str:
    """The name that ``Bedrock.converse`` gives the answer in the cache."""
    return content_hash(converse_request(**asdict(asked)))
