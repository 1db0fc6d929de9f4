from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.cloud import Cloud
from localcloud.bedrock.errors import ServiceUnavailableException, ValidationException
from localcloud.bedrock.faults.faults import Faults
from localcloud.bedrock.invocation_answers import Answers
from localcloud.bedrock.invocation_rooms import AT_LEAST, Room
from localcloud.bedrock.invoker import Invoker
from localcloud.bedrock.resources import InvocationJob
from localcloud.bedrock.tables import Tables
from tests.unit.localcloud.bedrock.memory_cloud import MemoryCloud

ARN = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/abcdefghijkl"
LONG_AGO = "2026-01-01T00:00:00.000000Z"


def job(**more: Any) -> InvocationJob:
    request = {
        "modelId": "local.reader-v1",
        "modelInvocationType": "Converse",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://b/in"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://b/out/"}},
    }
    return InvocationJob(ARN, "j", None, "local.reader-v1", request, [], **more)


def lines(cloud: MemoryCloud, name: str = "in.jsonl.out") -> list[dict[str, Any]]:
    return [json.loads(line) for line in cloud.objects[f"out/abcdefghijkl/{name}"].splitlines()]


def records(*texts: str) -> dict[str, bytes]:
    bodies = [{"messages": [{"role": "user", "content": [{"text": text}]}]} for text in texts]
    lines = [json.dumps({"recordId": text, "modelInput": body}) for text, body in zip(texts, bodies, strict=True)]
    return {"in/in.jsonl": "\n".join(lines).encode()}


def said(text: str) -> Answer:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 0},
    }


def asked(call: Call) -> str:
    text: str = call.params["messages"][0]["content"][0]["text"]
    return text


async def echo(call: Call) -> Answer:
    return said(asked(call))


async def run(
    job: InvocationJob,
    objects: dict[str, bytes],
    converse: Callable[[Call], Awaitable[Answer]] = echo,
    minimum: int = 1,
    size: int = AT_LEAST,
) -> MemoryCloud:
    cloud, tables = MemoryCloud(objects), Tables(None)
    tables.invocation_jobs.put(job.arn, job)
    await until_ended(job, invoker(tables, cloud, converse, minimum, size))
    tables.close()
    return cloud


def invoker(
    tables: Tables,
    cloud: MemoryCloud,
    converse: Callable[[Call], Awaitable[Answer]] = echo,
    minimum: int = 1,
    size: int = AT_LEAST,
    faults: Faults | None = None,
) -> Invoker:
    room = Room(size)

    async def room_of(base: str) -> Room:
        return room

    return Invoker(
        "000000000000",
        tables,
        cast(Cloud, cloud),
        Answers({"Converse": converse}, room_of),
        faults or Faults(),
        minimum,
    )


async def until_ended(job: InvocationJob, invoker: Invoker) -> None:
    invoker.resume()
    async with asyncio.timeout(10):
        while job.running:
            await asyncio.sleep(0)


async def test_every_state_is_announced_once_and_in_order() -> None:
    cloud = await run(job(), records("a", "b"))
    assert cloud.states == ["Submitted", "Validating", "Scheduled", "InProgress", "Completed"]
    assert {line["recordId"]: line["modelOutput"]["output"]["message"]["content"] for line in lines(cloud)} == {
        "a": [{"text": "a"}],
        "b": [{"text": "b"}],
    }


@pytest.mark.parametrize("size", [2, 8])
async def test_as_many_records_are_in_the_engine_as_it_has_room_for(size: int) -> None:
    inside = most = 0

    async def converse(call: Call) -> Answer:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.001)
        inside -= 1
        return said(asked(call))

    cloud = await run(job(), records(*"abcdefghij"), converse, size=size)
    assert (most, len(lines(cloud))) == (size, 10)


async def test_errors_are_counted_and_leave_the_others_alone() -> None:
    async def converse(call: Call) -> Answer:
        if asked(call) == "bug":
            raise RuntimeError
        if asked(call) == "bad":
            raise ValidationException("no")
        return said(asked(call))

    batch = job()
    objects = records("good", "bug", "bad")
    objects["in/in.jsonl"] += b'\n{torn\n{"recordId": "tools", "modelInput": {"messages": 7}}'
    cloud = await run(batch, objects, converse)
    errors = {line["recordId"]: line["error"]["errorCode"] for line in lines(cloud) if "error" in line}
    assert errors == {"bug": 500, "bad": 400, "CALL0000004": 400, "tools": 400}
    assert (batch.status, batch.total, batch.succeeded, batch.failed) == ("Completed", 5, 1, 4)


async def test_a_record_under_which_the_engine_died_is_asked_once_more() -> None:
    calls: list[str] = []

    async def converse(call: Call) -> Answer:
        calls.append(asked(call))
        if asked(call) == "killer" or calls.count(asked(call)) == 1:
            raise ServiceUnavailableException("the engine's process ended")
        return said(asked(call))

    cloud = await run(job(), records("victim", "killer"), converse)
    outcome = {line["recordId"]: line.get("error", {}).get("errorCode") for line in lines(cloud)}
    assert outcome == {"victim": None, "killer": 503}


async def test_a_job_that_waited_too_long_expires_and_answers_nothing() -> None:
    batch = job(submit_time=LONG_AGO)
    cloud = await run(batch, records("a"))
    assert (batch.status, batch.message) == ("Expired", "The job did not begin within 24 hours")
    assert list(cloud.objects) == ["in/in.jsonl"]


async def test_a_job_that_runs_out_of_time_keeps_what_it_has() -> None:
    batch = job()

    async def converse(call: Call) -> Answer:
        batch.submit_time = LONG_AGO
        return said(asked(call))

    cloud = await run(batch, records(*"abcdef"), converse)
    assert (batch.status, batch.total, batch.succeeded) == ("PartiallyCompleted", 6, len(lines(cloud)))
    [manifest] = lines(cloud, "manifest.json.out")
    assert (manifest["totalRecordCount"], manifest["processedRecordCount"]) == (6, batch.succeeded)
    assert 1 <= batch.succeeded <= AT_LEAST


@pytest.mark.parametrize(
    ("objects", "minimum", "message"),
    [
        (records("a", "b"), 3, "contains less records (2) than the required minimum of: 3"),
        ({"in/a.txt": b""}, 1, "There is no .jsonl file at s3://b/in"),
        ({"in/a.jsonl": b'{"recordId": "r", "modelInput": {}}\n' * 50_001}, 1, "more records (50001)"),
    ],
)
async def test_what_does_not_pass_validation_fails_the_job(
    objects: dict[str, bytes], minimum: int, message: str
) -> None:
    batch = job()
    cloud = await run(batch, dict(objects), minimum=minimum)
    assert message in (batch.message or "")
    assert cloud.states[1:] == ["Validating", "Failed"]


async def test_a_missing_bucket_fails_the_job_and_is_named() -> None:
    batch = job()
    batch.request["outputDataConfig"] = {"s3OutputDataConfig": {"s3Uri": "s3://none/out"}}
    await run(batch, records("a"))
    assert (batch.status, batch.message) == ("Failed", "s3://none does not exist or cannot be read")


@pytest.mark.parametrize("status", ["Submitted", "Validating", "Scheduled", "InProgress"])
async def test_a_job_that_was_under_way_when_the_cloud_ended_is_run_again(tmp_path: Path, status: str) -> None:
    before = Tables(tmp_path)
    before.invocation_jobs.put(ARN, job(status=status, total=2, succeeded=1))
    before.close()
    cloud, tables = MemoryCloud(records("a", "b")), Tables(tmp_path)
    (again,) = tables.invocation_jobs
    await until_ended(again, invoker(tables, cloud))
    tables.close()
    assert (again.status, again.total, again.succeeded, again.failed) == ("Completed", 2, 2, 0)
    assert cloud.kept == cloud.objects, "what a finished job has written does not outlive a SIGKILL"


@pytest.mark.parametrize("status", ["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"])
async def test_a_job_that_had_ended_is_as_it_was(tmp_path: Path, status: str) -> None:
    ended = job(total=2, succeeded=2)
    ended.become(status, "why")
    before = Tables(tmp_path)
    before.invocation_jobs.put(ARN, ended)
    before.close()
    cloud, tables = MemoryCloud(records("a", "b")), Tables(tmp_path)
    invoker(tables, cloud).resume()
    await asyncio.sleep(0)
    assert list(tables.invocation_jobs) == [ended]
    assert cloud.states == []
    tables.close()


async def test_a_job_that_was_being_stopped_when_the_cloud_ended_is_stopped() -> None:
    batch = job(status="Stopping")
    cloud = await run(batch, records("a"))
    assert (batch.status, cloud.states) == ("Stopped", ["Stopping", "Stopped"])


async def test_a_job_that_the_faults_file_lets_fail_fails_while_it_is_under_way(tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text("faults:\n- invocation_jobs: {message: no capacity}")
    batch, cloud, tables = job(), MemoryCloud(records("a")), Tables(None)
    tables.invocation_jobs.put(ARN, batch)
    await until_ended(batch, invoker(tables, cloud, faults=Faults(tmp_path / "faults.yaml", ["Converse"])))
    assert (batch.status, batch.message) == ("Failed", "no capacity")
    assert cloud.states[-2:] == ["InProgress", "Failed"]
    tables.close()
