from __future__ import annotations

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.shapes import BadAnswer, check_input, check_output

JOB = {
    "jobName": "job-1",
    "customModelName": "model-1",
    "roleArn": "arn:aws:iam::000000000000:role/bedrock",
    "baseModelIdentifier": "local.reader-v1",
    "trainingDataConfig": {"s3Uri": "s3://bucket/train.jsonl"},
    "outputDataConfig": {"s3Uri": "s3://bucket/out/"},
}


def shape(operation: str, *, output: bool = False) -> StructureShape:
    model = ServiceModel(Loader().load_service_model("bedrock", "service-2"), "bedrock").operation_model(operation)
    found = model.output_shape if output else model.input_shape
    assert found is not None
    return found


def test_a_good_request_passes() -> None:
    check_input(shape("CreateModelCustomizationJob"), JOB)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jobName": "under_score"}, "'jobName' failed to satisfy constraint: Member must satisfy regular expression"),
        ({"jobName": "a" * 64}, "length less than or equal to 63"),
        ({"jobName": None}, "Invalid type for parameter jobName"),
        ({"roleArn": "role"}, "'roleArn' failed"),
        ({"customizationType": "TEACHING"}, "enum value set: [FINE_TUNING,"),
        ({"trainingDataConfig": {"s3Uri": "s3://bucket/한국어.jsonl"}}, "'trainingDataConfig.s3Uri' failed"),
        ({"outputDataConfig": {}}, 'Missing required parameter in outputDataConfig: "s3Uri"'),
        ({"jobTags": [{"key": "ok", "value": "bad!"}]}, "'jobTags.1.member.value' failed"),
        ({"validationDataConfig": {"validators": [{"s3Uri": "s3://bkt/x"}] * 11}}, "length less than or equal to 10"),
    ],
)
def test_what_botocore_lets_pass_is_refused_as_aws_refuses_it(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationException) as caught:
        check_input(shape("CreateModelCustomizationJob"), {**JOB, **change})
    assert said in str(caught.value)


def test_a_missing_member_is_named() -> None:
    with pytest.raises(ValidationException, match="jobName"):
        check_input(shape("CreateModelCustomizationJob"), {k: v for k, v in JOB.items() if k != "jobName"})


def test_a_row_of_dashes_does_not_take_exponential_time() -> None:
    with pytest.raises(ValidationException):
        check_input(shape("CreateModelCustomizationJob"), {**JOB, "jobName": "a" + "-" * 55 + "!"})


def test_every_mistake_is_counted() -> None:
    with pytest.raises(ValidationException, match=r"^2 validation errors detected: "):
        check_input(shape("CreateModelCustomizationJob"), {**JOB, "jobName": "_", "roleArn": "x"})


ARN = "arn:aws:bedrock:us-east-1:000000000000"


DEPLOYMENT = {
    "customModelDeploymentArn": f"{ARN}:custom-model-deployment/abcdefghijkl",
    "customModelDeploymentName": "d",
    "modelArn": f"{ARN}:custom-model/imported/abcdefghijkl",
    "createdAt": "2026-01-01T00:00:00Z",
    "status": "Active",
}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"modelDeploymentSummaries": [], "colour": "red"}, 'Unknown parameter in input: "colour"'),
        ({"modelDeploymentSummaries": [{**DEPLOYMENT, "colour": 1}]}, r'modelDeploymentSummaries\[0\]: "colour"'),
    ],
)
def test_an_answer_with_a_member_that_aws_does_not_know_is_our_fault(answer: dict[str, object], said: str) -> None:
    where = shape("ListCustomModelDeployments", output=True)
    check_output(where, {"modelDeploymentSummaries": [DEPLOYMENT]})
    with pytest.raises(BadAnswer, match=said):
        check_output(where, answer)
    with pytest.raises(BadAnswer, match="unknown member modelDeploymentSummaries"):
        check_output(None, answer)
