"""Customization jobs over the end of a local cloud: what is on disk, opened again, goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from localcloud.bedrock.cloud import Cloud
from localcloud.bedrock.faults.faults import Faults
from localcloud.bedrock.resources import Job
from localcloud.bedrock.tables import Tables
from localcloud.bedrock.trainer import Trainer
from localcloud.engines.contract import Step
from localcloud.engines.engines import Engines
from tests.unit.localcloud.bedrock.memory_cloud import MemoryCloud

ARN = "arn:aws:bedrock:us-east-1:000000000000:model-customization-job/local.reader-v1/abcdefghijkl"
ROW = b'{"prompt": "q", "completion": "a"}'


class CountingEngine:
    """Learns how many rows there were, in one step."""

    async def train(
        self, *, rows: list[Any], progress: Callable[[Step], None], started: Callable[[int], None], **_: Any
    ) -> dict[str, Any]:
        started(1)
        progress(Step(1, 1, 0.5))
        return {"rows": len(rows)}


def job(status: str = "InProgress", *phases: str) -> Job:
    """A job in this state, its phases (validation, data processing, training) in theirs."""
    request = {
        "customModelName": "m",
        "roleArn": "arn:aws:iam::000000000000:role/r",
        "trainingDataConfig": {"s3Uri": "s3://b/train.jsonl"},
        "outputDataConfig": {"s3Uri": "s3://b/out"},
    }
    made = Job(ARN, "j", None, "local.reader-v1", "local.reader-v1", request, [])
    for phase, state in zip((made.validation, made.data_processing, made.training), phases, strict=False):
        phase.become(state)
    made.become(status)
    return made


def trainer(tables: Tables, cloud: MemoryCloud) -> Trainer:
    return Trainer("000000000000", tables, cast(Cloud, cloud), cast(Engines, CountingEngine()), Faults())


def left_behind(folder: Path, job: Job) -> Tables:
    """The tables of a cloud that ended with this job, opened by the next one."""
    before = Tables(folder)
    before.jobs.put(ARN, job)
    before.close()
    return Tables(folder)


async def until_ended(job: Job, trainer: Trainer) -> None:
    trainer.resume()
    async with asyncio.timeout(10):
        while job.running:
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    "phases",
    [
        (),
        ("InProgress", "InProgress"),
        ("Completed", "Completed"),
        ("Completed", "Completed", "InProgress"),
        ("Completed", "Completed", "Completed"),
    ],
)
async def test_a_job_that_was_under_way_when_the_cloud_ended_is_run_again(
    tmp_path: Path, phases: tuple[str, ...]
) -> None:
    cloud, tables = MemoryCloud({"train.jsonl": ROW}), left_behind(tmp_path, job("InProgress", *phases))
    (again,) = tables.jobs
    await until_ended(again, trainer(tables, cloud))
    assert (again.status, again.training_loss) == ("Completed", 0.5)
    assert [phase.status for phase in (again.validation, again.data_processing, again.training)] == ["Completed"] * 3
    assert again.model_arn and tables.weights.get(again.model_arn)
    assert cloud.kept == cloud.objects, "what a finished job has written does not outlive a SIGKILL"
    tables.close()


async def test_what_a_job_was_doing_is_not_shown_as_done_while_it_is_run_again(tmp_path: Path) -> None:
    tables = left_behind(tmp_path, job("InProgress", "Completed", "Completed", "InProgress"))
    (again,) = tables.jobs
    resumed = trainer(tables, MemoryCloud({"train.jsonl": ROW}))
    resumed.resume()
    assert {phase.status for phase in (again.validation, again.data_processing, again.training)} == {"NotStarted"}
    await resumed.close()
    tables.close()


async def test_a_job_that_was_being_stopped_is_stopped_even_if_its_data_is_gone(tmp_path: Path) -> None:
    cloud, tables = MemoryCloud({}), left_behind(tmp_path, job("Stopping", "Completed", "Completed", "InProgress"))
    (again,) = tables.jobs
    await until_ended(again, trainer(tables, cloud))
    assert (again.status, cloud.states, list(tables.models)) == ("Stopped", ["Stopping", "Stopped"], [])
    tables.close()


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped"])
async def test_a_job_that_had_ended_is_as_it_was(tmp_path: Path, status: str) -> None:
    ended = job(status)
    cloud, tables = MemoryCloud({"train.jsonl": ROW}), left_behind(tmp_path, ended)
    trainer(tables, cloud).resume()
    await asyncio.sleep(0)
    assert (list(tables.jobs), cloud.states) == ([ended], [])
    tables.close()


async def test_a_job_whose_data_is_gone_fails_and_says_so(tmp_path: Path) -> None:
    cloud, tables = MemoryCloud({}), left_behind(tmp_path, job())
    (again,) = tables.jobs
    await until_ended(again, trainer(tables, cloud))
    assert (again.status, again.failure) == ("Failed", "s3://b/train.jsonl does not exist or cannot be read")
    tables.close()


async def test_a_finished_job_and_its_model_reach_the_disk_in_one_step(tmp_path: Path) -> None:
    """Every moment at which another process looks, and so every moment of a kill, shows both or neither."""
    tables = left_behind(tmp_path, job())
    (again,) = tables.jobs
    seen = []

    class Watched(MemoryCloud):
        async def put_event(self, entry: dict[str, Any], region: str) -> None:
            seen.append(on_disk(tmp_path))

    put = tables.models.put

    def looked_at(key: str, row: Any) -> None:
        put(key, row)
        seen.append(on_disk(tmp_path))

    tables.models.put = looked_at  # type: ignore[method-assign]
    await until_ended(again, trainer(tables, Watched({"train.jsonl": ROW})))
    await asyncio.sleep(0)
    assert seen == [(["InProgress"], 0, 0), (["InProgress"], 0, 0), (["Completed"], 1, 1)]
    tables.close()


async def test_weights_that_cannot_be_kept_fail_the_job_and_leave_no_model(tmp_path: Path) -> None:
    class Odd(CountingEngine):
        async def train(self, **job: Any) -> dict[str, Any]:
            return {"tensor": object()}

    tables = left_behind(tmp_path, job())
    (again,) = tables.jobs
    cloud = cast(Cloud, MemoryCloud({"train.jsonl": ROW}))
    await until_ended(again, Trainer("000000000000", tables, cloud, cast(Engines, Odd()), Faults()))
    assert (again.status, again.model_arn) == ("Failed", None)
    assert on_disk(tmp_path) == (["Failed"], 0, 0)
    tables.close()


def on_disk(folder: Path) -> tuple[list[str], int, int]:
    """States of the jobs, and how many models and weights there are, as another process sees them."""
    tables = Tables(folder)
    found = [each.status for each in tables.jobs], len(list(tables.models)), len(list(tables.weights))
    tables.close()
    return found
