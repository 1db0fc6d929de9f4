"""Ended runs opened again: a shard that could not be read, mended and redriven; a metric that is added."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog
from click.testing import CliRunner

from cli.main import groundtune
from schemas.state import ArmRecord, RunRecord
from shared.runtime.connection import Connection
from shared.runtime.process import serve
from shared.runtime.publish import publish
from shared.runtime.worker import Worker
from shared.services import Services
from shared.store import keys
from shared.topology import Topology
from tests.unit.workers import world
from tests.unit.workers.built import ARMS, READY, put_built
from tests.unit.workers.scorer.making import BagOfWords
from workers.finetune_launcher.worker import FinetuneLauncher
from workers.inference.worker import Inference
from workers.scorer.worker import Scorer

pytestmark = pytest.mark.cloud

SHARD = keys.predictions(world.RUN, ARMS[1].slug, 1)


class QuickScorer(Scorer):
    """With an encoder that needs no model."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, encoder=BagOfWords())


@asynccontextmanager
async def fleet(connection: Connection, topology: Topology, *workers: type[Worker]) -> AsyncIterator[None]:
    """These workers, at work until the context ends."""
    stop, log = asyncio.Event(), structlog.get_logger().bind()
    work = asyncio.create_task(serve(workers, connection, topology, stop, None, log))
    try:
        yield
    finally:
        stop.set()
        await work


async def until_arms(services: Services, condition: Callable[[ArmRecord], bool]) -> None:
    # workers of other tasks change the table: there is no event of ours to wait for
    while not all(map(condition, await services.runs.arms(world.RUN))):
        await asyncio.sleep(0.1)


async def until_run(services: Services, *statuses: str) -> RunRecord:
    while (record := await services.runs.get(world.RUN)) is None or record.status not in statuses:
        await asyncio.sleep(0.1)
    return record


async def report(services: Services) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(await services.artifacts.read_bytes(keys.run(world.RUN, "report/report.json")))
    return loaded


async def redrive() -> str:
    result = await asyncio.to_thread(CliRunner().invoke, groundtune, ["dlq", "redrive"])
    assert result.exit_code == 0, result.output
    return result.output


async def test_a_shard_that_could_not_be_scored_is_mended_redriven_and_the_report_revised(
    connection: Connection, topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.settings.endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", connection.settings.endpoint)
    monkeypatch.setenv("GROUNDTUNE_NAME", connection.settings.name)
    services = connection.services
    await put_built(services)
    once = [queue.model_copy(update={"max_attempts": 1}) for queue in topology.queues]
    hasty = topology.model_copy(update={"queues": tuple(once)})
    async with asyncio.timeout(120):
        await publish(connection, topology, READY, source="test")
        async with fleet(connection, hasty, FinetuneLauncher, Inference):
            await until_arms(services, lambda arm: arm.status == "predicted")
        good = await connection.objects.get(SHARD)
        await connection.objects.put(SHARD, b"no JSON")
        async with fleet(connection, hasty, FinetuneLauncher, Inference, QuickScorer):
            await until_run(services, "completed_with_failures", "failed")
            assert [(f["stage"], f["code"]) for f in (await report(services))["failures"]] == [("scorer", "not_scored")]
            await connection.objects.put(SHARD, good)
            output = await redrive()
            # the shard's scores, and the comparison, which reads its answers too
            assert f"run {world.RUN}: 2 failed taken back, revision 1" in output and "2 sent back" in output
            await until_run(services, "completed")
    revised = await report(services)
    assert (revised["status"], revised["failures"], revised["provenance"]["revision"]) == ("completed", [], 1)
    assert [arm["answered"] for arm in revised["arms"]] == [12, 12, 12]


async def test_a_metric_is_added_to_an_ended_run_and_scored_alone(
    connection: Connection, topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.settings.endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", connection.settings.endpoint)
    monkeypatch.setenv("GROUNDTUNE_NAME", connection.settings.name)
    services = connection.services
    await put_built(services)
    async with asyncio.timeout(120), fleet(connection, topology, FinetuneLauncher, Inference, QuickScorer):
        await publish(connection, topology, READY, source="test")
        await until_run(services, "completed")
        before, scores = await report(services), await stored_scores(services)
        added = await asyncio.to_thread(CliRunner().invoke, groundtune, ["runs", "score", world.RUN, "--add", "chrf"])
        assert added.exit_code == 0, added.output
        assert f"run {world.RUN}: revision 1 scores chrf" in added.output
        while (await until_run(services, "completed")).revision != 1:
            await asyncio.sleep(0.1)
        again = await asyncio.to_thread(CliRunner().invoke, groundtune, ["runs", "score", world.RUN, "--add", "chrf"])
        assert again.exit_code == 2 and "is scored by chrf already" in again.output
    after, rescored = await report(services), await stored_scores(services)
    assert after["further"] == [*before["further"], "chrf"]
    assert all(arm["metrics"]["chrf"]["n"] == 12 for arm in after["arms"])
    new = rescored.keys() - scores.keys()
    assert len(new) == 6 and all("/characters-" in key for key in new)
    assert {key: rescored[key] for key in scores} == scores  # as they were, to the second


async def stored_scores(services: Services) -> dict[str, float | None]:
    """Key → when it was written."""
    listing = services.artifacts.objects.list(keys.run(world.RUN, "scores/"))
    return {found.key: found.modified async for found in listing}
