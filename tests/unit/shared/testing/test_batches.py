from __future__ import annotations

import json
from typing import Any

import pytest

from shared.bedrock.batches import BatchError, batch_record, read_results
from shared.bedrock.ports import Answer
from shared.errors import Poison, Throttled
from shared.testing import FakeBatches, FakeBedrock, MemoryObjectStore


async def started(batches: FakeBatches, objects: MemoryObjectStore, *users: str) -> str:
    lines = "".join(f"{json.dumps(batch_record(user, 's', user, 9))}\n" for user in users)
    await objects.put("batches/n/input.jsonl", lines.encode())
    return await batches.create(
        name="n", token="t", model="m", input_uri=f"s3://{objects.bucket}/batches/n/input.jsonl",
        output_uri=f"s3://{objects.bucket}/batches/n/output/", tags={},
    )  # fmt: skip


def answered(user: str) -> str | Exception:
    return {"slow": Throttled("slow"), "bad": Poison("bad")}.get(user, user.upper())


async def test_a_batch_answers_each_record_and_leaves_results_in_an_order_of_its_own() -> None:
    objects, bedrock = MemoryObjectStore(), FakeBedrock(lambda call: answered(call.user))
    batches = FakeBatches(objects, bedrock)
    arn = await started(batches, objects, "a", "slow", "bad")
    assert await started(batches, objects, "a", "slow", "bad") == arn and len(batches.started) == 1
    assert (await batches.get(arn)).status == "InProgress"
    batch = await batches.get(arn)
    assert (batch.status, batch.total, batch.succeeded, batch.failed) == ("Completed", 3, 1, 2)

    key = batch.output_uri.removeprefix(f"s3://{objects.bucket}/")
    [result] = [stored.key async for stored in objects.list(key)]
    assert result == f"{key}input.jsonl.out"
    results = list(read_results((await objects.get(result)).decode().splitlines()))
    assert [each for each, _ in results] == ["bad", "slow", "a"]
    found = dict(results)
    assert isinstance(found["a"], Answer) and found["a"].text == "A"
    assert (found["slow"], found["bad"]) == (BatchError(429, "slow"), BatchError(400, "bad"))
    assert (await batches.get(arn)) == batch and len(bedrock.calls) == 3


async def test_too_few_records_fail_the_job() -> None:
    objects = MemoryObjectStore()
    batches = FakeBatches(objects, FakeBedrock(), looks=0, minimum=2)
    batch = await batches.get(await started(batches, objects, "a"))
    assert (batch.status, batch.ended) == ("Failed", True)
    assert batch.failure == "1 records are fewer than 2"


@pytest.mark.parametrize(
    ("ends", "answered", "failure"),
    [("PartiallyCompleted", 1, None), ("Expired", 0, None), ("Failed", 0, "the script says so")],
)
async def test_a_job_ends_as_the_script_says(ends: Any, answered: int, failure: str | None) -> None:
    objects = MemoryObjectStore()
    batches = FakeBatches(objects, FakeBedrock(), looks=0, ends=ends)
    batch = await batches.get(await started(batches, objects, "a", "b", "c"))
    assert (batch.status, batch.succeeded, batch.failure) == (ends, answered, failure)


async def test_a_job_is_stopped_once_and_for_all() -> None:
    objects, bedrock = MemoryObjectStore(), FakeBedrock()
    batches = FakeBatches(objects, bedrock, looks=0)
    arn = await started(batches, objects, "a")
    await batches.stop(arn)
    assert (await batches.get(arn)).status == "Stopped"
    assert bedrock.calls == []


async def test_a_job_that_nobody_started_is_not_found() -> None:
    with pytest.raises(Poison, match="ResourceNotFound"):
        await FakeBatches(MemoryObjectStore(), FakeBedrock()).get("arn:none")
