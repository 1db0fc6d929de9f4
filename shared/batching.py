"""Turns answered by one batch inference job, whose answers fill the cache: whoever asks them then finds them there.

Whatever goes wrong with the job, nothing hangs on it: turns that it left open are asked one by one.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import structlog

from schemas.base import content_hash
from shared.bedrock.batches import Batch, batch_record, read_results
from shared.bedrock.cache import AnswerCache
from shared.bedrock.ports import Account, Answer
from shared.bedrock.requests import usage_of, worst_converse
from shared.bedrock.tags import tags
from shared.bedrock.turns import Turn
from shared.bedrock.usage import Usage, cost_nano
from shared.concurrency import gathered
from shared.errors import BudgetSpent, GroundtuneError, Poison
from shared.services import Services
from shared.store import keys

FIRST_LOOK_S = 15.0
LONGEST_LOOK_S = 900.0
"""SQS carries delays of up to 15 minutes."""

Turns = Callable[[], Awaitable[Sequence[Turn]]]
"""Says what a job shall ask; called only where no job is known yet."""


def look_delay_s(poll: int) -> float:
    """Seconds from look ``poll`` at a job to the next one."""
    return min(LONGEST_LOOK_S, FIRST_LOOK_S * 2.0 ** min(poll, 10))


@dataclass(frozen=True)
class _Job:
    """What is remembered of a job: its model, and the nano-dollars that it took of the budget."""

    arn: str
    model: str
    reserved: int


class BatchJobs:
    """Jobs of runs, each known by its run and a name within it, and found again by the name that follows from both."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._cache = AnswerCache(services.artifacts.objects)

    async def settled(self, run: str, name: str, account: Account, turns: Turns, least: int = 1) -> bool:
        """Starts the job, or looks at it. True once nothing more comes of it: its answers are in the cache.

        True at once where fewer than ``least`` turns are open, the budget does not cover a job, or Bedrock refuses it.
        Raises Throttled and Retryable, with nothing taken of the budget.
        """
        job = await self._known(run, name) or await self._start(run, name, account, await turns(), least)
        if job is None:
            return True
        batch = await self._services.batches.get(job.arn)
        if batch.ended:
            await self._take(run, name, account, job, batch)
        return batch.ended

    async def stop(self, run: str, name: str) -> None:
        """Asks for the end of a job, if there is one: what it has answered is paid, and nobody waits for it."""
        job = await self._known(run, name)
        if job is not None:
            await self._services.batches.stop(job.arn)

    async def _known(self, run: str, name: str) -> _Job | None:
        known = await self._services.runs.known(run, name)
        return None if known is None else _Job(**json.loads(known))

    async def _start(self, run: str, name: str, account: Account, turns: Sequence[Turn], least: int) -> _Job | None:
        asked = await self._open(turns)
        if len(asked) < max(1, least):
            return None
        model = next(iter(asked.values())).model
        reserved = await self._reserve(account, model, asked)
        if reserved is None:
            return None
        try:
            arn = await self._create(run, name, model, asked)
        except GroundtuneError as error:
            await self._services.ledger.release(account, reserved)
            if not isinstance(error, Poison):
                raise
            structlog.get_logger().warning(
                "batch_refused", action="batch_refused", run=run, job=name, model=model, reason=error.reason
            )
            return None
        job = json.dumps(asdict(_Job(arn, model, reserved)))
        return _Job(**json.loads(await self._services.runs.first(run, name, job)))

    async def _open(self, turns: Sequence[Turn]) -> dict[str, Turn]:
        """What no cache answers, by the name of its answer."""
        named = {turn.digest: turn for turn in turns}
        known = await gathered(self._cache.get(digest) for digest in named)
        return {digest: turn for (digest, turn), answer in zip(named.items(), known, strict=True) if answer is None}

    async def _reserve(self, account: Account, model: str, asked: Mapping[str, Turn]) -> int | None:
        """Nano-dollars taken of the budget for the most that the job can cost; None where it does not cover that."""
        if account.budget_usd is None:
            return 0
        worst = _sum(worst_converse(t.system, t.user, t.max_tokens, cached=False) for t in asked.values())
        nano = cost_nano(worst, await self._services.models.of(model), "batch")
        if nano is None:
            return None
        try:
            await self._services.ledger.reserve(account, nano)
        except BudgetSpent:
            return None
        return nano

    async def _create(self, run: str, name: str, model: str, asked: Mapping[str, Turn]) -> str:
        token = content_hash([run, name])
        job_name = f"{run[:40]}-{token[:16]}"
        objects = self._services.artifacts.objects
        lines = (batch_record(digest, t.system, t.user, t.max_tokens) for digest, t in sorted(asked.items()))
        body = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
        await objects.put(keys.batch_input(job_name), body, content_type="application/x-ndjson")
        return await self._services.batches.create(
            name=job_name,
            token=token[:32],
            model=model,
            input_uri=f"s3://{objects.bucket}/{keys.batch_input(job_name)}",
            output_uri=f"s3://{objects.bucket}/{keys.batch_output(job_name)}",
            tags=tags(self._services.settings.name, run),
        )

    async def _take(self, run: str, name: str, account: Account, job: _Job, batch: Batch) -> None:
        """Puts the job's answers where the turns will find them, and counts once what they cost.

        A worker that dies within the counting leaves the job's reservation: too much then counts, never too little.
        """
        answers = await self._results(batch)
        await gathered(self._cache.put(digest, answer) for digest, answer in answers.items())
        mine = uuid.uuid4().hex
        if await self._services.runs.first(run, f"{name}-counted", mine) != mine:
            return
        used = _sum(map(usage_of, answers.values()))
        nano = cost_nano(used, await self._services.models.of(job.model), "batch")
        await self._services.ledger.settle(account, job.model, used, nano, job.reserved, calls=len(answers))

    async def _results(self, batch: Batch) -> dict[str, Answer]:
        """The job's answers by record id. A job that failed or expired has none, or some: they are taken."""
        key = batch.output_uri.removeprefix("s3://").partition("/")[2] + "input.jsonl.out"
        try:
            body = await self._services.artifacts.objects.get(key)
        except KeyError:
            return {}
        found = read_results(body.decode().split("\n"))
        return {digest: answer for digest, answer in found if isinstance(answer, Answer)}


def _sum(usages: Iterable[Usage]) -> Usage:
    found = list(usages)
    return Usage(**{field.name: sum(getattr(usage, field.name) for usage in found) for field in fields(Usage)})
