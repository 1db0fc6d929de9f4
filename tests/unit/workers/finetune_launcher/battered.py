"""A launcher in a bad world: any call of its ports may fail or kill it, and what it has not finished comes again."""

from __future__ import annotations

import inspect
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
import yaml

from schemas.event import Event, event_id
from schemas.events import ArmPredicted, DatasetReady, ModelReady
from schemas.state import ArmRecord, RunRecord
from shared.bedrock.charges import Charge
from shared.bedrock.usage import NANO
from shared.errors import Retryable, Throttled
from shared.runs import scores_group
from shared.runtime.worker import Delayed, Emitted
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import FakeBedrock
from shared.testing.objects import MemoryObjectStore
from shared.testing.premises import FakePremises
from shared.testing.services import memory_services
from shared.testing.table import MemoryTable
from tests.unit.shared.datasets.rows import lines, rows
from tests.unit.workers import world
from tests.unit.workers.driving import context
from workers.finetune_launcher.worker import FinetuneLauncher

ARM = world.experiment().arms[2]
MODELS = {"student": "local.reader-v1", "teacher": "local.teacher-v1"}
PROVISIONED = {"student": "meta.llama3-2-1b-instruct-v1:0:128k", "teacher": "local.teacher-v1"}
"""Models of which the student is served by provisioned throughput."""
PRICES = {"models": {"*": {"usd_training": 1_000.0, "usd_hosting_hour": 20.0}}}


class Fault(Enum):
    NONE = "none"
    THROTTLED = "throttled"
    KILLED_BEFORE = "killed before the call took effect"
    KILLED_AFTER = "killed after the call took effect"
    OVERTAKEN = "slow: before the call takes effect its run is cancelled and torn down by another process"


class Killed(BaseException):
    """The process is no more; nothing catches this but the world."""


Fate = Callable[[], Fault]


class Struck:
    """A port each of whose calls meets its fate."""

    def __init__(self, inner: Any, fate: Fate, overtake: Callable[[], Awaitable[None]]) -> None:
        self._inner = inner
        self._fate = fate
        self._overtake = overtake

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not inspect.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            fault = self._fate()
            if fault is Fault.THROTTLED:
                raise Throttled("slow down")
            if fault is Fault.KILLED_BEFORE:
                raise Killed
            if fault is Fault.OVERTAKEN:
                await self._overtake()
            answer = await found(*args, **kwargs)
            if fault is Fault.KILLED_AFTER:
                raise Killed
            return answer

        return call


@dataclass
class Battered:
    """Messages of a launcher until none is left. A handled id is not handled again, an unfinished one is.

    Inference is played: an arm that is ready is predicted next. ``repeats`` is how likely a message is handled twice,
    ``lost`` how likely its events are lost because the process died before they were published.
    """

    fate: Fate = lambda: Fault.NONE
    rng: random.Random = field(default_factory=lambda: random.Random(0))
    repeats: float = 0.0
    lost: float = 0.0
    bedrock: FakeBedrock = field(default_factory=FakeBedrock)
    table: MemoryTable = field(default_factory=MemoryTable)
    objects: MemoryObjectStore = field(default_factory=MemoryObjectStore)
    waiting: list[tuple[str, Event]] = field(default_factory=list)
    ready: list[ModelReady] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    """Ids that are handled."""

    def __post_init__(self) -> None:
        self.premises = FakePremises(self.objects, self.bedrock)
        self.kind = memory_services(
            bedrock=self.bedrock, table=self.table, objects=self.objects, premises=self.premises
        )
        self.services = memory_services(
            bedrock=self._struck(self.bedrock), table=self._struck(self.table), objects=self._struck(self.objects),
            premises=self._struck(self.premises), settings=self.kind.settings,
        )  # fmt: skip

    def _struck(self, port: Any) -> Any:
        return Struck(port, self.fate, self.overtake)

    async def put(self, run: str, arms: int = 1, models: dict[str, str] = MODELS, examples: int = 10) -> list[str]:
        """A run whose datasets are ready; returns its arms."""
        await self.kind.artifacts.write_bytes(keys.MODELS, json.dumps(PRICES).encode(), "application/yaml")
        slugs = [ARM.slug, *(f"{ARM.slug}-{number}" for number in range(1, arms))]
        await _put_run(self.kind, run, models)
        dataset = lines(rows("converse", examples))
        await self.kind.runs.advance(run, "running", shards=1, arms=slugs)
        await self.kind.fanin.expect(scores_group(run), arms)
        for slug in slugs:
            await self.kind.artifacts.write_bytes(keys.dataset(run, slug), dataset, "application/x-ndjson")
            await self.kind.runs.put_arm(ArmRecord(run=run, arm=slug, name=slug))
            self.say(DatasetReady(run=run, arm=slug, examples=examples))
        return slugs

    def say(self, event: Event) -> None:
        self.waiting.append((f"said-{event!r}", event))

    async def cancel(self, run: str) -> None:
        """As ``groundtune runs cancel`` does."""
        await self.kind.runs.advance(run, "cancelled", reason="cancelled by a person")
        for arm in await self.kind.runs.arms(run):
            self.say(ArmPredicted(run=run, arm=arm.arm, revision=arm.revision))

    async def overtake(self) -> None:
        """Cancels and tears down all runs, in another process that nothing strikes."""
        for run in await self.kind.runs.all():
            await self.kind.runs.advance(run.run, "cancelled", reason="cancelled by a person")
            for arm in await self.kind.runs.arms(run.run):
                event = ArmPredicted(run=run.run, arm=arm.arm, revision=arm.revision)
                try:
                    await FinetuneLauncher(self.kind).handle(event, context("overtaking"))
                except Retryable:
                    self.say(event)  # what is still being created cannot go yet

    async def drive(self, between: Callable[[int], Any] | None = None) -> None:
        """Delivers until nothing is left; ``between`` is told of each delivery's number before it."""
        number = 0
        while self.waiting:
            if between is not None and (doing := between(number)) is not None:
                await doing
            number += 1
            await self.step()

    async def step(self) -> None:
        """Delivers one message, any of those that wait."""
        id, event = self.waiting.pop(self.rng.randrange(len(self.waiting)))
        if id in self.done:
            return
        produced = await self._deliver(id, event)
        if produced is None or self.rng.random() < self.lost:
            self.waiting.append((id, event))
            return
        self.done.add(id)
        self.publish(id, produced)

    async def _deliver(self, id: str, event: Event) -> Emitted | None:
        """None when the message comes again."""
        try:
            launcher = FinetuneLauncher(self.services)
            if self.rng.random() < self.repeats:
                await launcher.handle(event, context(id))
            return await launcher.handle(event, context(id))
        except (Killed, Retryable):
            return None

    def publish(self, id: str, produced: Emitted) -> None:
        for ordinal, entry in enumerate(produced):
            event = entry.event if isinstance(entry, Delayed) else entry
            if isinstance(event, ModelReady):
                self.ready.append(event)
                self.say(ArmPredicted(run=event.run, arm=event.arm, revision=event.revision))
            elif event.type.startswith(("groundtune.job", "groundtune.arm")):
                self.waiting.append((event_id(event, cause=id, ordinal=ordinal), event))

    async def charges(self, run: str) -> list[Charge]:
        """What the run has paid for jobs and hosting; what is set aside for more is nothing at its end."""
        found = await self.kind.ledger.charges.all(f"run/{run}", now=0)
        total = await self.kind.ledger.total_nano(f"run/{run}")
        assert total / NANO == pytest.approx(sum(charge.usd or 0 for charge in found)), run
        return found

    @property
    def running(self) -> list[str]:
        return [arn for arn, job in self.bedrock.jobs.items() if job.status == "InProgress"]

    def made(self, resource: str) -> list[str]:
        """Names of all that was made of a kind, once for each making."""
        return [arn.rsplit("/", 1)[1] for arn in self.bedrock.created if f":{resource}/" in arn]


async def _put_run(services: Services, run: str, models: dict[str, str]) -> None:
    body = yaml.safe_dump(world.experiment(models=models).model_dump(mode="json")).encode()
    await services.artifacts.write_bytes(keys.run(run, "run.yaml"), body, "application/yaml")
    await services.runs.create(RunRecord(run=run, name="demo", corpus=world.CORPUS, created=1, updated=1))
