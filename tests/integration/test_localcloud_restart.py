"""A local cloud with a state folder that ends, cleanly or by SIGKILL, in the middle of everything Bedrock does."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from localcloud.process import LocalCloud
from tests.integration.localcloud_support import BUCKET, STUB, answer, client, job_request, prepare, say, until
from tests.integration.test_localcloud_batch import batch_request, put, results

pytestmark = pytest.mark.cloud

MINIMUM = 3


@pytest.fixture(params=["stopped", "killed"])
def end(request: pytest.FixtureRequest) -> Callable[[LocalCloud], None]:
    """How a cloud ends."""

    def ended(cloud: LocalCloud) -> None:
        if request.param == "killed":
            os.kill(cloud.pid, signal.SIGKILL)
        cloud.stop()

    return ended


def test_bedrock_goes_on_where_it_was(
    tmp_path: Path, end: Callable[[LocalCloud], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = finish_some(started(tmp_path), end)
    monkeypatch.setenv("STUB_STEP_S", "60")
    monkeypatch.setenv("STUB_ANSWER_S", "60")
    second = started(tmp_path)
    assert_there(second, done)
    begun = begin_some(second, done, end)
    monkeypatch.setenv("STUB_STEP_S", "0")
    monkeypatch.setenv("STUB_ANSWER_S", "0")
    third = started(tmp_path)
    assert_there(third, done)
    assert_went_on(third, begun)
    assert client(third, "sqs").get_queue_url(QueueName="asked-for-at-the-end-only")["QueueUrl"]
    third.stop()


def started(state: Path) -> LocalCloud:
    cloud = LocalCloud(state=state, engine=STUB, batch_minimum=MINIMUM)
    cloud.start()
    return cloud


def finish_some(cloud: LocalCloud, end: Callable[[LocalCloud], None]) -> dict[str, Any]:
    """One of each in a final state, by name; then the cloud ends."""
    bedrock, role = client(cloud, "bedrock"), prepare(cloud)
    client(cloud, "sqs").create_queue(QueueName="asked-for-at-the-end-only")
    client(cloud, "s3").put_object(Bucket=BUCKET, Key="bad.jsonl", Body=b"{torn")
    put(cloud, "done.jsonl", *({"messages": say(f"q{number}")} for number in range(MINIMUM)))
    bad = {"trainingDataConfig": {"s3Uri": f"s3://{BUCKET}/bad.jsonl"}}
    jobs = {
        "Completed": bedrock.create_model_customization_job(**job_request(role, "done"))["jobArn"],
        "Failed": bedrock.create_model_customization_job(**job_request(role, "bad", **bad))["jobArn"],
    }
    for state, arn in jobs.items():
        until(partial(bedrock.get_model_customization_job, jobIdentifier=arn), state)
    batch = bedrock.create_model_invocation_job(**batch_request(role, "done"))["jobArn"]
    until(partial(bedrock.get_model_invocation_job, jobIdentifier=batch), "Completed")
    made = {"role": role, "jobs": jobs, "batch": batch} | serve(bedrock, "done-model", "done")
    end(cloud)
    return made


def serve(bedrock: Any, model: str, name: str) -> dict[str, str]:
    """A deployment and a throughput of this model, both still being created."""
    arn = bedrock.get_custom_model(modelIdentifier=model)["modelArn"]
    deployment = bedrock.create_custom_model_deployment(modelDeploymentName=name, modelArn=arn)
    throughput = bedrock.create_provisioned_model_throughput(modelUnits=1, provisionedModelName=name, modelId=arn)
    return {
        "deployment": deployment["customModelDeploymentArn"],
        "throughput": throughput["provisionedModelArn"],
    }


def begin_some(cloud: LocalCloud, done: dict[str, Any], end: Callable[[LocalCloud], None]) -> dict[str, Any]:
    """One of each that is under way, and one that is being stopped; then the cloud ends."""
    bedrock = client(cloud, "bedrock")
    begun: dict[str, Any] = {}
    for name in ("running", "stopping"):
        put(cloud, f"{name}.jsonl", *({"messages": say(f"wait {number}")} for number in range(MINIMUM)))
        job = bedrock.create_model_customization_job(**job_request(done["role"], name))["jobArn"]
        batch = bedrock.create_model_invocation_job(**batch_request(done["role"], name))["jobArn"]
        until(partial(bedrock.get_model_invocation_job, jobIdentifier=batch), "InProgress")
        begun[name] = (job, batch)
    job, batch = begun["stopping"]
    bedrock.stop_model_customization_job(jobIdentifier=job)
    bedrock.stop_model_invocation_job(jobIdentifier=batch)
    begun |= serve(bedrock, "done-model", "begun")
    end(cloud)
    return begun


def assert_there(cloud: LocalCloud, done: dict[str, Any]) -> None:
    bedrock = client(cloud, "bedrock")
    for state, arn in done["jobs"].items():
        assert bedrock.get_model_customization_job(jobIdentifier=arn)["status"] == state
    assert bedrock.get_model_invocation_job(jobIdentifier=done["batch"])["successRecordCount"] == MINIMUM
    assert len(results(cloud, done["batch"], "done.jsonl")) == MINIMUM
    assert_serves(cloud, done)


def assert_serves(cloud: LocalCloud, made: dict[str, Any]) -> None:
    bedrock, runtime = client(cloud, "bedrock"), client(cloud, "bedrock-runtime")
    deployment, throughput = made["deployment"], made["throughput"]
    until(partial(bedrock.get_custom_model_deployment, customModelDeploymentIdentifier=deployment), "Active")
    until(partial(bedrock.get_provisioned_model_throughput, provisionedModelId=throughput), "InService")
    for arn in (deployment, throughput):
        assert answer(runtime.converse(modelId=arn, messages=say("hi"))) == "local.reader-v1 after 5 rows: |hi"


def assert_went_on(cloud: LocalCloud, begun: dict[str, Any]) -> None:
    bedrock = client(cloud, "bedrock")
    for name, state in (("running", "Completed"), ("stopping", "Stopped")):
        job, batch = begun[name]
        until(partial(bedrock.get_model_customization_job, jobIdentifier=job), state)
        until(partial(bedrock.get_model_invocation_job, jobIdentifier=batch), state)
    assert len(results(cloud, begun["running"][1], "running.jsonl")) == MINIMUM
    models = [model["modelName"] for model in bedrock.list_custom_models()["modelSummaries"]]
    assert sorted(models) == ["done-model", "running-model"]
    assert_serves(cloud, begun)
