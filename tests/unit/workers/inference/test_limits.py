"""Answering keeps to what a model allows: over the real client, only Bedrock itself, the table and time are made up."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest

from schemas.artifacts import GroundTruth, Prediction, RetrievedDocument, SnapshotDocument
from schemas.events import InferenceShardDue
from schemas.state import RunRecord
from shared.bedrock.client import AwsBedrock
from shared.bedrock.ledger import Ledger
from shared.bedrock.meter import Meter
from shared.bedrock.model_table import ModelTable
from shared.bedrock.rates import RateLimits
from shared.errors import Throttled
from shared.runs import shards_group
from shared.services import Services
from shared.store import keys
from shared.testing import FakeClock, MemoryObjectStore, MemoryTable
from shared.testing.knowledge_bases import FakeKnowledgeBases
from shared.testing.services import memory_services
from tests.unit.shared.bedrock.runtime import Control, Reply, ShapedRuntime, refusal, said
from tests.unit.workers import world
from tests.unit.workers.driving import context
from workers.inference.worker import Inference

MODEL, OTHER, ID, QUESTIONS = "amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0", "KB12345678", 12
ARM = world.experiment().arms[0].slug
PASSAGE = RetrievedDocument(chunk="c", url="https://a/b", title="B", text="text")


class Fleet:
    """Workers of several processes over one table, and when each of their calls reached Bedrock."""

    def __init__(self, refused: int = 0) -> None:
        self.clock, self.objects, self.table = FakeClock(), MemoryObjectStore(), MemoryTable()
        self.started: list[tuple[str, float]] = []
        self._refused = refused

    def _reply(self, operation: str, parameters: dict[str, Any]) -> Reply:
        self.started.append((parameters["modelId"], self.clock.now()))
        if self._refused > 0 and parameters["modelId"] == MODEL:
            self._refused -= 1
            error: Exception = refusal("ThrottlingException")
            return error
        return said("Because.")

    def process(self) -> Services:
        meter = Meter(
            ModelTable(self.objects, self.clock), Ledger(self.table),
            RateLimits(self.table, self.clock, chance=lambda: 1.0),
        )  # fmt: skip
        bedrock = AwsBedrock(ShapedRuntime(self._reply), Control(), self.objects, meter, "role")
        bases = FakeKnowledgeBases({ID: [PASSAGE]})
        return memory_services(
            bedrock=bedrock, clock=self.clock, objects=self.objects, table=self.table, knowledge_bases=bases
        )

    async def prepare(self, **facts: object) -> None:
        services = self.process()
        await world.put_run(services, retrieval={"by": "knowledge_base", "knowledge_base": ID})
        truth = [GroundTruth(id=f"q{n:02d}", question=f"{n}?", answer="x", references=[]) for n in range(QUESTIONS)]
        await services.artifacts.write_lines(keys.run(world.RUN, "evaluation.jsonl"), truth)
        await services.artifacts.write_lines(keys.run(world.RUN, "snapshot.jsonl"), list[SnapshotDocument]())
        record = RunRecord(run=world.RUN, name="d", corpus="c", created=1, updated=1, shards=2, shard_size=6)
        await services.runs.create(record)
        await services.fanin.expect(shards_group(world.RUN, ARM), 2)
        await self.objects.put(keys.MODELS, json.dumps({"models": {"amazon.nova*": facts}}).encode())

    async def answer(self, model: str = MODEL, *shards: tuple[Services, int]) -> list[Prediction]:
        """The predictions of shards that processes answer at the same time."""
        handlers = (
            Inference(services).handle(InferenceShardDue(run=world.RUN, arm=ARM, shard=shard, model=model), context())
            for services, shard in shards
        )
        await self.clock.run(asyncio.gather(*handlers))
        names = [keys.predictions(world.RUN, ARM, shard) for _, shard in shards]
        return [line for name in names for line in await shards[0][0].artifacts.read_lines(name, Prediction)]


async def test_two_processes_together_ask_no_more_often_than_the_model_may_be_asked() -> None:
    fleet = Fleet()
    await fleet.prepare(rpm=60)
    assert len(await fleet.answer(MODEL, (fleet.process(), 0), (fleet.process(), 1))) == QUESTIONS
    times = [at for _, at in fleet.started]
    assert len(times) == QUESTIONS
    # five of sixty a minute may start at once, the rest one by one
    assert times[-1] - times[0] >= QUESTIONS - 6
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(times[6:]))


async def test_without_limits_all_is_asked_at_once() -> None:
    fleet = Fleet()
    await fleet.prepare()
    await fleet.answer(MODEL, (fleet.process(), 0))
    assert len({at for _, at in fleet.started}) == 1


@pytest.mark.parametrize("facts", [{}, {"rpm": 600}])
async def test_after_one_throttle_all_calls_of_a_process_leave_that_model_alone_and_no_other(
    facts: dict[str, int],
) -> None:
    fleet = Fleet(refused=1)
    await fleet.prepare(**facts)
    services = fleet.process()
    assert all(prediction.error is None for prediction in await fleet.answer(MODEL, (services, 0)))
    first, *later = [at for model, at in fleet.started if model == MODEL]
    together = [at for at in later if at < first + 0.5]  # under way when the first was throttled
    assert len(together) <= 3
    assert min(at for at in later if at not in together) >= first + 1.0
    before = fleet.clock.now()
    await fleet.answer(OTHER, (services, 1))
    assert min(at for model, at in fleet.started if model == OTHER) < before + 0.5


async def test_a_model_that_goes_on_throttling_gives_the_shard_back_with_a_delay() -> None:
    fleet = Fleet(refused=100)
    await fleet.prepare()
    with pytest.raises(Throttled) as caught:
        await fleet.answer(MODEL, (fleet.process(), 0))
    assert (caught.value.delay_s or 0) >= 1.0
