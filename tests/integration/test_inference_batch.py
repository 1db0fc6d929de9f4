"""An arm's questions as a batch inference job of the local Bedrock, and by calls: the same predictions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from schemas.artifacts import GroundTruth, Prediction
from schemas.event import Event
from schemas.events import ArmPredicted, InferenceBatchDue, InferenceShardDue, ModelReady
from schemas.state import RunRecord
from shared.prompting.layout import render_question
from shared.runtime.connection import Connection
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.store import keys
from tests.integration.localcloud_support import connected
from tests.unit.workers import snapshots, world
from tests.unit.workers.driving import context
from workers.inference.answering import MAX_TOKENS
from workers.inference.worker import Inference

pytestmark = pytest.mark.cloud

QUESTIONS, SIZE = 7, 4
ARM = world.experiment().arms[1]
READY = ModelReady(run=world.RUN, arm=ARM.slug, model="local.reader-v1")


@pytest.fixture
async def connection(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connection]:
    async with connected(monkeypatch, batch_minimum=1) as connection:
        yield connection


async def prepare(services: Services, batch: str) -> None:
    arms = [arm.model_dump() for arm in world.experiment().arms[:2]]
    await world.put_run(services, inference={"batch": batch}, arms=arms)
    for number in range(6):
        await world.ingest(services, number)
    await snapshots.put_snapshot(services)
    truth = [
        GroundTruth(id=f"q{n}", question=f"What is the code of gadget{n % 6}, part {n}?", answer="x", references=[])
        for n in range(QUESTIONS)
    ]
    await services.artifacts.write_lines(keys.run(world.RUN, "evaluation.jsonl"), truth)
    record = RunRecord(run=world.RUN, name="d", corpus=world.CORPUS, created=1, updated=1, shards=2, shard_size=SIZE)
    await services.runs.create(record)


async def driven(worker: Inference, first: Event) -> list[Event]:
    """All that follows in this worker; what is delayed is delivered soon."""
    waiting, emitted = [first], list[Event]()
    while waiting:
        produced = await worker.handle(waiting.pop(0), context(f"event-{len(emitted)}"))
        for entry in produced:
            inner = entry.event if isinstance(entry, Delayed) else entry
            emitted.append(inner)
            if isinstance(inner, InferenceBatchDue | InferenceShardDue):
                waiting.append(inner)
        if any(isinstance(entry, Delayed) for entry in produced):
            await asyncio.sleep(0.2)
    return emitted


async def predictions(services: Services) -> Sequence[Prediction]:
    found = [
        await services.artifacts.read_lines(keys.predictions(world.RUN, ARM.slug, shard), Prediction)
        for shard in range(2)
    ]
    return [prediction for shard in found for prediction in shard]


async def test_a_job_answers_what_calls_would_answer_and_no_call_is_made(connection: Connection) -> None:
    services = connection.services
    await prepare(services, "always")
    async with asyncio.timeout(60):
        emitted = await driven(Inference(services), READY)
    assert any(isinstance(event, InferenceBatchDue) for event in emitted)
    assert ArmPredicted(run=world.RUN, arm=ARM.slug) in emitted
    by_batch = await predictions(services)
    assert [p.cached for p in by_batch] == [True] * QUESTIONS and all(p.answer and p.error is None for p in by_batch)
    (spent,) = await services.ledger.spent(f"run/{world.RUN}")
    assert (spent.calls, spent.cached) == (QUESTIONS, QUESTIONS)

    system = world.experiment().prompts["good"]
    for prediction in by_batch:
        user = render_question(prediction.documents, prediction.question)
        asked = {"model": READY.model, "system": system, "user": user, "max_tokens": MAX_TOKENS}
        said = await services.bedrock.converse(**asked, cache=False)  # type: ignore[arg-type]
        assert (said.text, said.stop_reason, said.input_tokens, said.output_tokens) == (
            prediction.answer, prediction.stop_reason, prediction.input_tokens, prediction.output_tokens,
        )  # fmt: skip
