from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.validate import validate_parameters

from shared.bedrock.client import AwsBedrock
from shared.bedrock.families import FAMILIES, deploys
from shared.bedrock.holdings import holdings
from shared.bedrock.ports import Deploys
from shared.errors import Poison, Retryable
from tests.unit.shared.bedrock.runtime import refusal

MODEL = botocore.session.get_session().get_service_model("bedrock")
NAMES = {botocore.xform_name(name): name for name in MODEL.operation_names}
HERE = "arn:aws:bedrock:us-east-1:123456789012"
DEPLOYMENT, THROUGHPUT = f"{HERE}:custom-model-deployment/abc", f"{HERE}:provisioned-model/abc"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
Answers = dict[str, Callable[[dict[str, Any]], Any]]


class ShapedControl:
    """A bedrock client that holds every request against botocore's shapes and answers as a test says."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        operation = MODEL.operation_model(NAMES[name])

        async def call(**parameters: Any) -> Any:
            validate_parameters(parameters, operation.input_shape)
            self.calls.append((operation.name, parameters))
            answer = self._answers[operation.name](parameters)
            if isinstance(answer, Exception):
                raise answer
            assert set(answer) <= set(operation.output_shape.members)
            return answer

        return call


def client(answers: Answers) -> tuple[AwsBedrock, ShapedControl]:
    control = ShapedControl(answers)
    nothing: Any = None
    return AwsBedrock(nothing, control, nothing, nothing, "role"), control


async def made(bedrock: AwsBedrock, how: Deploys) -> str:
    model = f"{HERE}:custom-model/x.y-z:1/abcdefghijkl"
    tags = {"groundtune:run": "r"}
    return await bedrock.create_deployment(name="gt-1", token="t" * 64, model=model, tags=tags, deploys=how)


async def test_provisioned_throughput_is_one_unit_by_the_hour_and_made_once() -> None:
    there: list[dict[str, str]] = []

    def create(asked: dict[str, Any]) -> dict[str, str]:
        there.append({"provisionedModelName": asked["provisionedModelName"], "provisionedModelArn": THROUGHPUT})
        return {"provisionedModelArn": THROUGHPUT}

    bedrock, control = client(
        {
            "ListProvisionedModelThroughputs": lambda asked: (
                {"provisionedModelSummaries": there}
                if "nextToken" in asked
                else {"provisionedModelSummaries": [{"provisionedModelName": "gt-1-x"}], "nextToken": "2"}
            ),
            "CreateProvisionedModelThroughput": create,
        }
    )
    assert await made(bedrock, "provisioned") == await made(bedrock, "provisioned") == THROUGHPUT
    (created,) = [asked for name, asked in control.calls if name.startswith("Create")]
    assert (created["modelUnits"], created["clientRequestToken"]) == (1, "t" * 64)
    assert "commitmentDuration" not in created and created["tags"] == [{"key": "groundtune:run", "value": "r"}]


@pytest.mark.parametrize(
    ("arn", "operation", "said", "status"),
    [
        (THROUGHPUT, "GetProvisionedModelThroughput", "Creating", "Creating"),
        (THROUGHPUT, "GetProvisionedModelThroughput", "InService", "Active"),
        (THROUGHPUT, "GetProvisionedModelThroughput", "Updating", "Active"),
        (THROUGHPUT, "GetProvisionedModelThroughput", "Failed", "Failed"),
        (DEPLOYMENT, "GetCustomModelDeployment", "Active", "Active"),
    ],
)
async def test_an_arn_says_whom_to_ask_and_both_kinds_have_one_set_of_statuses(
    arn: str, operation: str, said: str, status: str
) -> None:
    bedrock, control = client({operation: lambda asked: {"status": said, "failureMessage": "why"}})
    found = await bedrock.get_deployment(arn)
    assert (found.arn, found.status, found.failure) == (arn, status, "why")
    assert list(control.calls[0][1].values()) == [arn]


@pytest.mark.parametrize(
    ("arn", "operation"),
    [(THROUGHPUT, "DeleteProvisionedModelThroughput"), (DEPLOYMENT, "DeleteCustomModelDeployment")],
)
async def test_what_is_gone_is_removed_and_what_is_being_created_is_removed_later(arn: str, operation: str) -> None:
    await client({operation: lambda asked: refusal("ResourceNotFoundException")})[0].delete_deployment(arn)
    with pytest.raises(Retryable) as caught:
        await client({operation: lambda asked: refusal("ConflictException")})[0].delete_deployment(arn)
    assert caught.value.delay_s == 60
    with pytest.raises(Poison, match="AccessDenied"):
        await client({operation: lambda asked: refusal("AccessDeniedException")})[0].delete_deployment(arn)


async def test_a_base_model_is_asked_for_as_given_and_then_without_its_context_length() -> None:
    details = {
        "modelArn": f"{HERE}:foundation-model/x", "modelId": "x", "providerName": "Amazon", "modelName": "Nova Lite",
        "customizationsSupported": [], "inferenceTypesSupported": ["ON_DEMAND"],
        "modelLifecycle": {"status": "LEGACY", "endOfLifeTime": NOW},
    }  # fmt: skip

    def answer(asked: dict[str, Any]) -> Any:
        known = asked["modelIdentifier"] == "amazon.nova-lite-v1:0"
        return {"modelDetails": details} if known else refusal("ValidationException")

    bedrock, _ = client({"GetFoundationModel": answer})
    found = await bedrock.base_card("amazon.nova-lite-v1:0:300k")
    assert (found.lifecycle, found.ends_at, found.customizations) == ("LEGACY", NOW.timestamp(), None)
    assert (await bedrock.base_card("amazon.nova-lite-v1:0")).customizations == ()
    with pytest.raises(Poison, match=r"GetFoundationModel amazon\.nova-9:0:300k: ValidationException: said the test"):
        await bedrock.base_card("amazon.nova-9:0:300k")
    assert await bedrock.card("amazon.nova-9:0") is None


async def test_a_model_that_something_serves_is_asked_for_again_and_one_that_is_gone_forgiven() -> None:
    arn = f"{HERE}:custom-model/x.y-z:1/abcdefghijkl"
    busy, _ = client({"DeleteCustomModel": lambda asked: refusal("ConflictException")})
    with pytest.raises(Retryable, match="DeleteCustomModel"):
        await busy.delete_model(arn)
    gone, control = client({"DeleteCustomModel": lambda asked: refusal("ResourceNotFoundException")})
    await gone.delete_model(arn)
    assert control.calls == [("DeleteCustomModel", {"modelIdentifier": arn})]


async def test_every_holding_of_the_account_is_listed_page_by_page_with_its_tags() -> None:
    job = f"{HERE}:model-customization-job/x/abcdefghijkl"
    model = f"{HERE}:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl"
    throughput = {
        "provisionedModelName": "t", "provisionedModelArn": THROUGHPUT, "modelArn": model, "modelUnits": 2,
        "foundationModelArn": f"{HERE}:foundation-model/x", "creationTime": NOW,
    }  # fmt: skip
    deployed = {
        "customModelDeploymentName": "d",
        "customModelDeploymentArn": DEPLOYMENT,
        "modelArn": model,
        "createdAt": NOW,
    }
    gone = {**deployed, "customModelDeploymentArn": f"{DEPLOYMENT}gone"}
    training = {"jobName": "j", "jobArn": job, "baseModelArn": f"{HERE}:foundation-model/x", "creationTime": NOW}
    batch = {"jobName": "b", "jobArn": f"{HERE}:model-invocation-job/b", "modelId": "m", "submitTime": NOW}
    trained = {"modelName": "m", "modelArn": model, "baseModelArn": f"{HERE}:foundation-model/x", "creationTime": NOW}

    def batches(asked: dict[str, Any]) -> dict[str, Any]:
        return {"invocationJobSummaries": [batch] if asked["statusEquals"] == "Scheduled" else []}

    def deployments(asked: dict[str, Any]) -> dict[str, Any]:
        first = {"modelDeploymentSummaries": [gone], "nextToken": "2"}
        return {"modelDeploymentSummaries": [deployed]} if "nextToken" in asked else first

    def tags(asked: dict[str, Any]) -> Any:
        if asked["resourceARN"].endswith("gone"):
            return refusal("ResourceNotFoundException")
        return {"tags": [{"key": "groundtune:run", "value": "r"}]}

    control = ShapedControl(
        {
            "ListModelCustomizationJobs": lambda asked: {"modelCustomizationJobSummaries": [training]},
            "ListModelInvocationJobs": batches,
            "ListCustomModels": lambda asked: {"modelSummaries": [trained] if asked["isOwned"] else []},
            "ListCustomModelDeployments": deployments,
            "ListProvisionedModelThroughputs": lambda asked: {"provisionedModelSummaries": [throughput]},
            "ListTagsForResource": tags,
        }
    )
    found = await holdings(control)
    assert [(held.kind, held.arn, held.units) for held in found] == [
        ("customization job", job, 0),
        ("batch inference job", batch["jobArn"], 0),
        ("deployment", DEPLOYMENT, 0),
        ("provisioned throughput", THROUGHPUT, 2),
        ("custom model", model, 0),
    ]
    assert {held.tags["groundtune:run"] for held in found} == {"r"} and found[0].created == NOW.timestamp()
    assert control.calls[0][1] == {"statusEquals": "InProgress"}


@pytest.mark.parametrize(
    ("model", "how"),
    [
        ("local.reader-v1", "on_demand"),
        ("amazon.nova-2-lite-v1:0:256k", "on_demand"),
        ("us.amazon.nova-pro-v1:0", "on_demand"),
        ("meta.llama3-3-70b-instruct-v1:0:128k", "on_demand"),
        ("meta.llama3-2-1b-instruct-v1:0:128k", "provisioned"),
        ("anthropic.claude-3-haiku-20240307-v1:0:200k", "provisioned"),
        ("acme.unknown-v1", "provisioned"),
    ],
)
def test_a_family_says_how_its_custom_models_are_served(model: str, how: Deploys) -> None:
    assert deploys(model) == how
    assert all(family.deploys for family in FAMILIES)
