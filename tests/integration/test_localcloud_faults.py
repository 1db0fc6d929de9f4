"""Trouble on purpose: what clients of the local Bedrock get when a faults file says so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.errors import DidNotStart
from localcloud.process import LocalCloud
from tests.integration.localcloud_support import STUB, answer, client, job_request, prepare, say, until
from tests.integration.test_localcloud_batch import batch_request
from tests.integration.test_localcloud_throughput import provision

pytestmark = pytest.mark.cloud

REAL = "meta.llama3-3-70b-instruct-v1:0"
OLD = "anthropic.claude-3-haiku-20240307-v1:0"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faults") / "faults.yaml"
    path.write_text("")
    return path


@pytest.fixture(scope="module")
def cloud(file: Path) -> Iterator[LocalCloud]:
    aliases = {REAL: "local.reader-v1", OLD: "local.reader-v1"}
    with LocalCloud(base="moto", engine=STUB, aliases=aliases, faults=file) as running:
        yield running


@pytest.fixture(scope="module")
def role(cloud: LocalCloud) -> str:
    return prepare(cloud)


@pytest.fixture(scope="module")
def bedrock(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock", retries={"max_attempts": 0})


@pytest.fixture(scope="module")
def runtime(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock-runtime", retries={"max_attempts": 0})


def code(runtime: Any, model: str = REAL) -> str | None:
    """Of the error that Converse gives, if it does."""
    try:
        runtime.converse(modelId=model, messages=say("x"))
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None


def trained(bedrock: Any, role: str, name: str) -> str:
    """The ARN of a custom model."""
    arn = bedrock.create_model_customization_job(**job_request(role, name, baseModelIdentifier=REAL))["jobArn"]
    return str(finished(bedrock, arn)["outputModelArn"])


def finished(bedrock: Any, arn: str) -> dict[str, Any]:
    return until(lambda: bedrock.get_model_customization_job(jobIdentifier=arn), "Completed", "Failed")


def test_shares_strike_the_same_calls_each_time(file: Path, runtime: Any) -> None:
    seen = []
    for note in ("one", "other"):
        file.write_text(f"# {note}\nseed: 3\nfaults:\n- {{model: 'meta.*', throttle: {{share: 0.5}}}}\n")
        seen.append([code(runtime) for _ in range(20)])
    assert seen[0] == seen[1]
    assert set(seen[0]) == {"ThrottlingException", None}
    assert code(runtime, "local.reader-v1") is None


@pytest.mark.parametrize(
    "error",
    ["InternalServerException", "ServiceUnavailableException", "ModelErrorException", "ModelTimeoutException"],
)
def test_a_failure_is_a_typed_error(file: Path, runtime: Any, error: str) -> None:
    file.write_text(f"faults:\n- {{operation: 'Converse*', failure: {{error: {error}}}}}\n")
    with pytest.raises(getattr(runtime.exceptions, error)):
        runtime.converse(modelId=REAL, messages=say("x"))
    with pytest.raises(getattr(runtime.exceptions, error)):
        runtime.converse_stream(modelId=REAL, messages=say("x"))
    assert runtime.count_tokens(modelId=REAL, input={"converse": {"messages": say("x")}})["inputTokens"] == 1


def test_an_ordinary_client_gets_over_a_throttle_by_trying_again(file: Path, cloud: LocalCloud) -> None:
    file.write_text("seed: 3\nfaults:\n- {operation: Converse, throttle: {share: 0.5}}\n")
    patient = client(cloud, "bedrock-runtime", retries={"mode": "standard", "max_attempts": 8})
    responses = [patient.converse(modelId=REAL, messages=say("x")) for _ in range(3)]
    assert {answer(response) for response in responses} == {"local.reader-v1: |x"}
    assert sum(response["ResponseMetadata"]["RetryAttempts"] for response in responses) > 0


def test_requests_a_minute_and_latency(file: Path, runtime: Any) -> None:
    file.write_text("faults:\n- {throttle: {requests_per_minute: 3}, latency_ms: 100}\n")
    started = time.monotonic()
    assert [code(runtime) for _ in range(4)] == [None, None, None, "ThrottlingException"]
    assert time.monotonic() - started >= 0.3


def test_a_customization_job_fails_with_the_message(file: Path, role: str, bedrock: Any) -> None:
    file.write_text("faults:\n- {model: 'meta.*', customization_jobs: {message: no capacity, name: 'bad-*'}}\n")
    arns = [
        bedrock.create_model_customization_job(**job_request(role, name, baseModelIdentifier=REAL))["jobArn"]
        for name in ("bad-1", "good-1")
    ]
    bad, good = (finished(bedrock, arn) for arn in arns)
    assert (bad["status"], bad["failureMessage"], good["status"]) == ("Failed", "no capacity", "Completed")
    assert bad["statusDetails"]["trainingDetails"]["status"] == "Failed"


def test_a_custom_model_ends_with_its_foundation_model(file: Path, role: str, bedrock: Any, runtime: Any) -> None:
    file.write_text("")
    arn = bedrock.create_model_customization_job(**job_request(role, "ages", baseModelIdentifier=OLD))["jobArn"]
    model = finished(bedrock, arn)["outputModelArn"]
    created = bedrock.create_custom_model_deployment(modelDeploymentName="ages", modelArn=model)
    deployment = created["customModelDeploymentArn"]
    until(lambda: bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=deployment), "Active")
    assert code(runtime, OLD) is code(runtime, deployment) is None

    file.write_text("faults:\n- {model: 'anthropic.*', end_of_life: {at: 2099-09-10}}\n")
    found = bedrock.get_foundation_model(modelIdentifier=OLD)["modelDetails"]["modelLifecycle"]
    assert (found["status"], found["endOfLifeTime"].year) == ("LEGACY", 2099)
    assert code(runtime, OLD) is None
    with pytest.raises(bedrock.exceptions.ValidationException, match="is legacy"):
        bedrock.create_provisioned_model_throughput(modelUnits=1, provisionedModelName="old", modelId=OLD)

    file.write_text("faults:\n- {model: 'anthropic.*', end_of_life: {at: 2020-09-10}}\n")
    assert code(runtime, OLD) == code(runtime, deployment) == "ResourceNotFoundException"
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException, match="end of its life"):
        bedrock.create_model_customization_job(**job_request(role, "too-late", baseModelIdentifier=OLD))
    lifecycles = {
        model["modelId"]: model["modelLifecycle"]["status"]
        for model in bedrock.list_foundation_models()["modelSummaries"]
    }
    assert (lifecycles[OLD], lifecycles[REAL]) == ("LEGACY", "ACTIVE")
    bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=deployment)


def test_deployments_and_throughputs_fail_and_serve_nothing(file: Path, role: str, bedrock: Any, runtime: Any) -> None:
    file.write_text("faults:\n- {model: 'meta.*', deployments: {message: no room}, throughputs: {message: no units}}\n")
    model = trained(bedrock, role, "unserved")
    created = bedrock.create_custom_model_deployment(modelDeploymentName="unserved", modelArn=model)
    deployment = created["customModelDeploymentArn"]
    throughput = provision(bedrock, "unserved", REAL)
    found = until(lambda: bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=deployment), "Failed")
    assert found["failureMessage"] == "no room"
    (listed,) = bedrock.list_custom_model_deployments(statusEquals="Failed")["modelDeploymentSummaries"]
    assert listed["failureMessage"] == "no room"
    found = until(lambda: bedrock.get_provisioned_model_throughput(provisionedModelId=throughput), "Failed")
    assert found["failureMessage"] == "no units"
    assert bedrock.list_provisioned_model_throughputs(statusEquals="Failed")["provisionedModelSummaries"]
    assert code(runtime, deployment) == code(runtime, throughput) == "ValidationException"
    bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=deployment)
    bedrock.delete_provisioned_model_throughput(provisionedModelId=throughput)


def test_quotas_are_those_of_the_model(file: Path, role: str, bedrock: Any) -> None:
    model = trained(bedrock, role, "rationed")
    quota = "{customization_jobs: 0, invocation_jobs: 0, deployments: 1, model_units: 2}"
    file.write_text(f"faults:\n- {{model: 'meta.*', quota: {quota}}}\n")
    exceeded = bedrock.exceptions.ServiceQuotaExceededException
    with pytest.raises(exceeded, match=rf"the quota of 0 customization jobs for {REAL}; 0 are in use"):
        bedrock.create_model_customization_job(**job_request(role, "rationed-2", baseModelIdentifier=REAL))
    with pytest.raises(exceeded, match="the quota of 0 invocation jobs"):
        bedrock.create_model_invocation_job(**batch_request(role, "rationed", modelId=REAL))
    bedrock.create_custom_model_deployment(modelDeploymentName="rationed-0", modelArn=model)
    with pytest.raises(exceeded, match="the quota of 1 deployments"):
        bedrock.create_custom_model_deployment(modelDeploymentName="rationed-1", modelArn=model)
    provision(bedrock, "rationed-0", REAL)
    provision(bedrock, "rationed-1", model)
    with pytest.raises(exceeded, match=r"the quota of 2 model units .* 2 are in use"):
        provision(bedrock, "rationed-2", REAL)
    provision(bedrock, "other", "local.reader-v1")


def test_a_file_with_mistakes_stops_the_start_and_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text("faults:\n- latency: 5\n")
    with pytest.raises(DidNotStart, match=r"faults\.yaml: line 2: faults 1, latency: there is no such key"):
        LocalCloud(base="moto", faults=path).start()
