"""Five workers without queues: whatever the order of events, and however often each is handled, the report is one."""

from __future__ import annotations

import json
import random
from functools import partial
from typing import Any

import pytest

from schemas.events import RunRequested, RunScored
from shared.bedrock.ports import Answer
from shared.store import keys
from shared.testing.bedrock import Call, FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers import world
from tests.unit.workers.driving import Pipeline
from tests.unit.workers.scorer.making import BagOfWords
from workers.dataset_builder.worker import DatasetBuilder
from workers.finetune_launcher.worker import FinetuneLauncher
from workers.inference.worker import Inference
from workers.scorer.worker import Scorer
from workers.synthetic_gen.worker import SyntheticGen


def model(call: Call, *, cached: bool) -> str | Answer:
    """The teacher when it is asked for samples, else a reader whose answer follows from what it is asked."""
    if "<task>" in call.user:
        return world.teacher(call)
    kind = "custom" if "deployment" in call.model else "base"
    text = f"A {kind} answer of {len(call.user) % 7} words after {len(call.system)} letters."
    return Answer(text, "end_turn", 10, 5, cached=cached, cache_read_tokens=0 if cached else 3)


async def report_of(seed: int, *, twice: bool, looks: int) -> dict[str, Any]:
    services = memory_services(bedrock=FakeBedrock(partial(model, cached=twice), looks=looks))
    await world.put_run(services)
    for number in range(6):
        await world.ingest(services, number)
    workers = [
        DatasetBuilder(services),
        SyntheticGen(services),
        FinetuneLauncher(services),
        Inference(services),
        Scorer(services, encoder=BagOfWords()),
    ]
    driven = Pipeline(workers, random.Random(seed), twice)
    await driven.run(RunRequested(run=world.RUN, corpus=world.CORPUS))
    assert [event.status for event in driven.emitted if isinstance(event, RunScored)][:1] == ["completed"]
    arms = await services.runs.arms(world.RUN)
    assert all(arm.torn_down for arm in arms if arm.deployment)
    report: dict[str, Any] = json.loads(await services.artifacts.read_bytes(keys.run(world.RUN, "report/report.json")))
    report.pop("provenance")
    return report


@pytest.mark.parametrize("seed", range(8))
async def test_the_report_is_the_same_in_any_order_and_with_every_event_handled_twice(seed: int) -> None:
    expected = await report_of(0, twice=False, looks=1)
    assert [arm["status"] for arm in expected["arms"]] == ["scored"] * 3
    assert await report_of(seed, twice=bool(seed % 2), looks=seed % 4) == expected
