"""Provisioned throughput of the local Bedrock, through ordinary clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.process import LocalCloud
from tests.integration.localcloud_support import STUB, answer, client, job_request, prepare, say, until

pytestmark = pytest.mark.cloud

REAL = "meta.llama3-3-70b-instruct-v1:0"


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(base="moto", engine=STUB, aliases={REAL: "local.reader-v1"}) as running:
        yield running


@pytest.fixture(scope="module")
def bedrock(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock")


@pytest.fixture(scope="module")
def runtime(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock-runtime", retries={"max_attempts": 0})


def provision(bedrock: Any, name: str, model: str = REAL, **more: Any) -> str:
    created = bedrock.create_provisioned_model_throughput(
        modelUnits=1, provisionedModelName=name, modelId=model, **more
    )
    arn: str = created["provisionedModelArn"]
    return arn


def in_service(bedrock: Any, arn: str) -> dict[str, Any]:
    return until(lambda: bedrock.get_provisioned_model_throughput(provisionedModelId=arn), "InService")


def test_a_custom_model_answers_through_its_throughput(cloud: LocalCloud, bedrock: Any, runtime: Any) -> None:
    request = job_request(prepare(cloud), "paid", baseModelIdentifier=REAL)
    job = bedrock.create_model_customization_job(**request)["jobArn"]
    model = until(lambda: bedrock.get_model_customization_job(jobIdentifier=job), "Completed")["outputModelArn"]
    tags = [{"key": "run", "value": "r1"}]
    arn = provision(bedrock, "paid", "paid-model", tags=tags)
    with pytest.raises(runtime.exceptions.ModelNotReadyException):
        runtime.converse(modelId=arn, messages=say("too early"))
    found = in_service(bedrock, arn)
    assert (found["modelArn"], found["desiredModelUnits"], "commitmentDuration" in found) == (model, 1, False)
    assert found["foundationModelArn"].endswith(f"foundation-model/{REAL}")
    assert answer(runtime.converse(modelId=arn, messages=say("hi"))) == "local.reader-v1 after 5 rows: |hi"
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == tags

    with pytest.raises(bedrock.exceptions.ConflictException, match="in use by the provisioned throughputs paid"):
        bedrock.delete_custom_model(modelIdentifier=model)
    bedrock.delete_provisioned_model_throughput(provisionedModelId="paid")
    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        runtime.converse(modelId=arn, messages=say("too late"))
    bedrock.delete_custom_model(modelIdentifier=model)


def test_a_foundation_model_can_be_provisioned_too(bedrock: Any, runtime: Any) -> None:
    arn = provision(bedrock, "foundation")
    assert in_service(bedrock, arn)["modelArn"].endswith(f"foundation-model/{REAL}")
    assert answer(runtime.converse(modelId=arn, messages=say("hi"))) == "local.reader-v1: |hi"


def test_a_repeated_token_finds_the_throughput_and_a_used_name_is_refused(bedrock: Any) -> None:
    arn = provision(bedrock, "once", clientRequestToken="token-1")
    assert provision(bedrock, "once", clientRequestToken="token-1") == arn
    with pytest.raises(bedrock.exceptions.ValidationException, match="name is currently in use"):
        provision(bedrock, "once")


def test_a_commitment_is_kept(bedrock: Any) -> None:
    arn = provision(bedrock, "committed", commitmentDuration="OneMonth")
    found = bedrock.get_provisioned_model_throughput(provisionedModelId="committed")
    assert (found["commitmentExpirationTime"] - found["creationTime"]).days == 30
    with pytest.raises(bedrock.exceptions.ConflictException, match="committed until"):
        bedrock.delete_provisioned_model_throughput(provisionedModelId=arn)


@pytest.mark.parametrize(
    ("model", "said"),
    [("local.embed-v1", "does not support provisioned"), ("no-such-model", "identifier is invalid")],
)
def test_what_cannot_be_provisioned_is_refused(bedrock: Any, model: str, said: str) -> None:
    with pytest.raises(bedrock.exceptions.ValidationException, match=said):
        provision(bedrock, "refused", model)


def test_throughputs_are_listed_by_page_state_and_model(bedrock: Any) -> None:
    arns = [provision(bedrock, f"list-{letter}") for letter in "abc"]
    model = in_service(bedrock, arns[2])["modelArn"]
    pages = bedrock.get_paginator("list_provisioned_model_throughputs").paginate(
        nameContains="list-", statusEquals="InService", modelArnEquals=model, PaginationConfig={"PageSize": 2}
    )
    names = [each["provisionedModelName"] for page in pages for each in page["provisionedModelSummaries"]]
    assert names == ["list-c", "list-b", "list-a"]
    failed = bedrock.list_provisioned_model_throughputs(nameContains="list-", statusEquals="Failed")
    assert failed["provisionedModelSummaries"] == []
