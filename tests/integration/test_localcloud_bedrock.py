"""Clients of AWS talk to the local Bedrock: what they get is what AWS would give."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from aiobotocore.session import get_session
from botocore.exceptions import ClientError

from localcloud.process import LocalCloud
from tests.integration.localcloud_support import (
    BUCKET,
    STUB,
    answer,
    client,
    job_request,
    prepare,
    say,
    training_rows,
    until,
)
from workers.scorer.loss import read_validation

pytestmark = pytest.mark.cloud

REAL = "meta.llama3-3-70b-instruct-v1:0"
COHERE = "cohere.embed-multilingual-v3"


@pytest.fixture(scope="module", params=["ministack", "moto"])
def cloud(request: pytest.FixtureRequest) -> Iterator[LocalCloud]:
    with LocalCloud(
        base=request.param, engine=STUB, aliases={REAL: "local.reader-v1", COHERE: "local.embed-v1"}
    ) as running:
        yield running


@pytest.fixture(scope="module")
def role(cloud: LocalCloud) -> str:
    return prepare(cloud)


@pytest.fixture(scope="module")
def bedrock(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock")


@pytest.fixture(scope="module")
def runtime(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock-runtime", retries={"max_attempts": 0})


def finished(bedrock: Any, arn: str) -> dict[str, Any]:
    return until(lambda: bedrock.get_model_customization_job(jobIdentifier=arn), "Completed", "Failed", "Stopped")


def test_a_model_is_trained_deployed_and_answers(role: str, cloud: LocalCloud, bedrock: Any, runtime: Any) -> None:
    tags = [{"key": "run", "value": "r1"}]
    request = job_request(role, "whole", baseModelIdentifier=REAL, jobTags=tags, customModelTags=tags)
    arn = bedrock.create_model_customization_job(**request)["jobArn"]
    job = finished(bedrock, arn)
    assert (job["status"], job["trainingMetrics"]) == ("Completed", {"trainingLoss": 0.1})
    assert {phase["status"] for phase in job["statusDetails"].values()} == {"Completed"}
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == tags

    model = bedrock.get_custom_model(modelIdentifier=job["outputModelArn"])
    assert (model["modelName"], model["jobArn"], REAL in model["baseModelArn"]) == ("whole-model", arn, True)
    deployed = bedrock.create_custom_model_deployment(modelDeploymentName="whole", modelArn=model["modelArn"])
    deployment = deployed["customModelDeploymentArn"]
    until(lambda: bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=deployment), "Active")
    said = runtime.converse(modelId=deployment, messages=say("hello"), system=[{"text": "be brief"}])
    assert answer(said) == "local.reader-v1 after 5 rows: be brief|hello"

    with pytest.raises(bedrock.exceptions.ConflictException):
        bedrock.delete_custom_model(modelIdentifier="whole-model")
    bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=deployment)
    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        runtime.converse(modelId=deployment, messages=say("too late"))
    bedrock.delete_custom_model(modelIdentifier="whole-model")
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException):
        bedrock.get_custom_model(modelIdentifier=model["modelArn"])

    key = f"out/model-customization-job-{arn.split('/')[-1]}/training_artifacts/step_wise_training_metrics.csv"
    curve = client(cloud, "s3").get_object(Bucket=BUCKET, Key=key)["Body"].read().decode().splitlines()
    assert curve[0] == "step_number,epoch_number,training_loss,perplexity"
    assert len(curve) == 11


def test_a_validation_file_leaves_its_losses_beside_those_of_training(
    role: str, cloud: LocalCloud, bedrock: Any
) -> None:
    validators = {"validators": [{"s3Uri": f"s3://{BUCKET}/train.jsonl"}]}
    request = job_request(role, "held-out", validationDataConfig=validators)
    arn = bedrock.create_model_customization_job(**request)["jobArn"]
    assert finished(bedrock, arn)["status"] == "Completed"
    folder = f"out/model-customization-job-{arn.split('/')[-1]}/validation_artifacts/post_fine_tuning_validation"
    body = client(cloud, "s3").get_object(Bucket=BUCKET, Key=f"{folder}/validation_metrics.csv")["Body"].read()
    assert [(point.step, point.loss) for point in read_validation(body)] == [(5, 1.0), (10, 0.5)]


def test_state_changes_arrive_through_eventbridge(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    sqs, events = client(cloud, "sqs"), client(cloud, "events")
    url = sqs.create_queue(QueueName="job-states")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    pattern = {"source": ["aws.bedrock"], "detail-type": ["Model Customization Job State Change"]}
    events.put_rule(Name="job-states", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="job-states", Targets=[{"Id": "queue", "Arn": attributes["QueueArn"]}])
    arn = bedrock.create_model_customization_job(**job_request(role, "events"))["jobArn"]
    states: list[str] = []
    while "Completed" not in states:
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10)
        bodies = [json.loads(message["Body"]) for message in received["Messages"]]
        states += [body["detail"]["jobStatus"] for body in bodies if body["detail"]["jobArn"] == arn]
    assert sorted(states) == ["Completed", "InProgress"]


def test_a_repeated_token_finds_the_job_and_a_used_name_is_refused(role: str, bedrock: Any) -> None:
    request = job_request(role, "once", clientRequestToken="token-1")
    first = bedrock.create_model_customization_job(**request)["jobArn"]
    assert bedrock.create_model_customization_job(**request)["jobArn"] == first
    with pytest.raises(bedrock.exceptions.ValidationException, match="job name is currently in use"):
        bedrock.create_model_customization_job(**job_request(role, "once"))
    with pytest.raises(bedrock.exceptions.ValidationException, match="custom model name is currently in use"):
        bedrock.create_model_customization_job(**job_request(role, "twice", customModelName="once-model"))
    assert finished(bedrock, first)["status"] == "Completed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hyperParameters": {"epochs": "1"}}, "epochs is not a hyperparameter"),
        ({"hyperParameters": {"epochCount": "99"}}, "epochCount is '99'"),
        ({"baseModelIdentifier": "local.judge-v1"}, "does not support customization"),
        ({"baseModelIdentifier": "amazon.nova-lite-v1:0"}, "The provided model identifier is invalid."),
        ({"customizationType": "CONTINUED_PRE_TRAINING"}, "customization type CONTINUED_PRE_TRAINING"),
        ({"roleArn": "arn:aws:iam::000000000000:role/nobody"}, "role/nobody: it does not exist"),
        ({"trainingDataConfig": {"s3Uri": "s3://bucket/no.jsonl"}}, "GetObject permissions .*bucket at key no.jsonl"),
        ({"outputDataConfig": {"s3Uri": "s3://no-bucket/out"}}, "PutObject permissions .*no-bucket at key out"),
    ],
)
def test_a_job_that_cannot_run_is_refused_at_once(role: str, bedrock: Any, change: dict[str, Any], said: str) -> None:
    with pytest.raises(bedrock.exceptions.ValidationException, match=said):
        bedrock.create_model_customization_job(**job_request(role, "refused", **change))


def test_a_malformed_row_fails_the_job_and_names_its_line(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    client(cloud, "s3").put_object(Bucket=BUCKET, Key="bad.jsonl", Body=training_rows(2) + b'{"messages": []}\n')
    request = job_request(role, "bad", trainingDataConfig={"s3Uri": f"s3://{BUCKET}/bad.jsonl"})
    job = finished(bedrock, bedrock.create_model_customization_job(**request)["jobArn"])
    assert job["status"] == "Failed"
    assert "bad.jsonl, line 3: messages must be a list that is not empty" in job["failureMessage"]
    assert job["statusDetails"]["trainingDetails"]["status"] == "NotStarted"
    assert "outputModelArn" not in job


def test_a_job_is_stopped(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    client(cloud, "s3").put_object(Bucket=BUCKET, Key="long.jsonl", Body=training_rows(15_000))
    request = job_request(
        role, "long", trainingDataConfig={"s3Uri": f"s3://{BUCKET}/long.jsonl"}, hyperParameters={"epochCount": "50"}
    )
    arn = bedrock.create_model_customization_job(**request)["jobArn"]
    bedrock.stop_model_customization_job(jobIdentifier=arn)
    assert finished(bedrock, arn)["status"] == "Stopped"
    with pytest.raises(bedrock.exceptions.ValidationException, match="cannot be stopped"):
        bedrock.stop_model_customization_job(jobIdentifier=arn)


def test_lists_page_and_filter(role: str, bedrock: Any) -> None:
    for name in ("list-a", "list-b", "list-c"):
        finished(bedrock, bedrock.create_model_customization_job(**job_request(role, name))["jobArn"])
    pages = bedrock.get_paginator("list_model_customization_jobs")
    found = pages.paginate(nameContains="list-", statusEquals="Completed", PaginationConfig={"PageSize": 2})
    names = [job["jobName"] for page in found for job in page["modelCustomizationJobSummaries"]]
    assert names == ["list-c", "list-b", "list-a"]
    assert (
        bedrock.list_model_customization_jobs(nameContains="list-", statusEquals="Failed")[
            "modelCustomizationJobSummaries"
        ]
        == []
    )
    models = bedrock.list_custom_models(nameContains="list-", sortOrder="Ascending")["modelSummaries"]
    assert [model["modelName"] for model in models] == ["list-a-model", "list-b-model", "list-c-model"]


def test_foundation_models_are_the_local_ones_and_the_aliases(bedrock: Any) -> None:
    listed = bedrock.list_foundation_models(byCustomizationType="FINE_TUNING")["modelSummaries"]
    assert [model["modelId"] for model in listed] == ["local.reader-v1", REAL]
    found = bedrock.get_foundation_model(modelIdentifier=REAL)["modelDetails"]
    assert (found["modelName"], found["modelLifecycle"]["status"]) == ("Local reader", "ACTIVE")


def test_what_converse_cannot_do_is_a_typed_error(bedrock: Any, runtime: Any) -> None:
    invalid = runtime.exceptions.ValidationException
    for model in ("amazon.nova-lite-v1:0", "local.writer-v1"):
        with pytest.raises(invalid, match="model identifier is invalid"):
            runtime.converse(modelId=model, messages=say("x"))
    with pytest.raises(invalid, match="doesn't support the model"):
        runtime.converse(modelId="local.embed-v1", messages=say("x"))
    with pytest.raises(invalid, match="less than or equal to 1"):
        runtime.converse(modelId="local.reader-v1", messages=say("x"), inferenceConfig={"temperature": 2.0})
    with pytest.raises(invalid, match="enum value set"):
        runtime.converse(modelId="local.reader-v1", messages=[{"role": "robot", "content": [{"text": "x"}]}])
    with pytest.raises(ClientError, match=r"ListInferenceProfiles \(bedrock\) is not served by the local Bedrock"):
        bedrock.list_inference_profiles()


def test_stop_sequences_cut_and_tokens_are_counted(runtime: Any) -> None:
    said = runtime.converse(
        modelId="local.teacher-v1", messages=say("one two three"), inferenceConfig={"stopSequences": [" two"]}
    )
    assert (answer(said), said["stopReason"]) == ("local.teacher-v1: |one", "stop_sequence")
    counted = runtime.count_tokens(modelId="local.teacher-v1", input={"converse": {"messages": say("one two three")}})
    assert counted["inputTokens"] == said["usage"]["inputTokens"] == 3


def test_the_embedding_model_speaks_titans_body(runtime: Any) -> None:
    body = json.dumps({"inputText": "two words"})
    response = runtime.invoke_model(modelId="local.embed-v1", body=body, contentType="application/json")
    assert json.loads(response["body"].read()) == {"embedding": [1.0, 0.0, 9.0], "inputTextTokenCount": 2}
    with pytest.raises(runtime.exceptions.ValidationException, match="inputText"):
        runtime.invoke_model(modelId="local.embed-v1", body="{}")


def test_behind_an_id_of_coheres_it_speaks_coheres_body(runtime: Any) -> None:
    body = json.dumps({"texts": ["two words", "세 낱말"], "input_type": "search_document"})
    said = json.loads(runtime.invoke_model(modelId=COHERE, body=body)["body"].read())
    assert (said["embeddings"], said["texts"]) == ([[1.0, 0.0, 9.0], [1.0, 0.0, 4.0]], ["two words", "세 낱말"])
    assert (said["response_type"], len(said["id"])) == ("embeddings_floats", 36)
    with pytest.raises(runtime.exceptions.ValidationException, match=r"required key \[texts\] not found"):
        runtime.invoke_model(modelId=COHERE, body='{"inputText": "two words"}')


def test_what_only_aws_makes_use_of_is_taken_and_reported_as_aws_reports_it(runtime: Any) -> None:
    point = {"cachePoint": {"type": "default"}}
    plain = runtime.converse(modelId="local.reader-v1", messages=say("hello"))
    marked = runtime.converse(
        modelId="local.reader-v1", messages=[{"role": "user", "content": [{"text": "hello"}, point]}],
        system=[{"text": "be brief"}, point], requestMetadata={"run": "r1"}, serviceTier={"type": "flex"},
    )  # fmt: skip
    assert answer(marked) == "local.reader-v1: be brief|hello"
    assert "cacheReadInputTokens" not in plain["usage"] and "serviceTier" not in plain
    assert (marked["usage"]["cacheReadInputTokens"], marked["usage"]["cacheWriteInputTokens"]) == (0, 0)
    assert marked["serviceTier"] == {"type": "flex"}


def test_an_engine_that_dies_is_a_passing_trouble(runtime: Any) -> None:
    with pytest.raises(runtime.exceptions.ServiceUnavailableException):
        runtime.converse(modelId="local.reader-v1", messages=say("die"))
    with pytest.raises(runtime.exceptions.ModelErrorException, match="a bug in the engine"):
        runtime.converse(modelId="local.reader-v1", messages=say("bug"))
    assert answer(runtime.converse(modelId="local.reader-v1", messages=say("still there")))


async def test_fifty_converse_calls_at_once_get_each_its_own_answer(cloud: LocalCloud) -> None:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    async with get_session().create_client(
        "bedrock-runtime", region_name="us-east-1", endpoint_url=cloud.endpoint, **keys
    ) as runtime:
        calls = [runtime.converse(modelId="local.reader-v1", messages=say(f"q{number}")) for number in range(50)]
        said = [answer(response) for response in await asyncio.gather(*calls)]
        assert said == [f"local.reader-v1: |q{number}" for number in range(50)]
        with pytest.raises(runtime.exceptions.ValidationException, match="must start with a user message"):
            await runtime.converse(modelId="local.reader-v1", messages=[])
