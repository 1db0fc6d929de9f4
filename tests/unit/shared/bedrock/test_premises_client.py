"""The premises of a job as AWS tells of them: every answer that is none is Unknown, nothing is raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.validate import validate_parameters

from shared.bedrock.premises import Place, Trust, Unknown
from shared.bedrock.premises_client import AwsPremises
from shared.bedrock.quotas import JOBS, MODELS, QUOTAS, UNITS, Quota, Standing

ROLE = "arn:aws:iam::123456789012:role/groundtune-bedrock"
HERE = "arn:aws:bedrock:us-east-1:123456789012"
Answer = Callable[[dict[str, Any]], Any]


class Shaped:
    """A client of a service that holds every request against botocore's shapes."""

    def __init__(self, service: str, answers: dict[str, Answer]) -> None:
        self._model = botocore.session.get_session().get_service_model(service)
        self._names = {botocore.xform_name(name): name for name in self._model.operation_names}
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        operation = self._names[name]

        async def call(**parameters: Any) -> Any:
            validate_parameters(parameters, self._model.operation_model(operation).input_shape)
            said = self._answers[operation](parameters)
            if isinstance(said, Exception):
                raise said
            return said

        return call


def error(code: str) -> ClientError:
    """What a service refuses with."""
    return ClientError({"Error": {"Code": code, "Message": "said the test"}}, "Asked")


def premises(**answers: Answer) -> AwsPremises:
    made: list[str] = []

    async def make(service: str) -> Any:
        assert service not in made
        made.append(service)
        return Shaped(service, answers)

    return AwsPremises(make, Shaped("bedrock", answers), Shaped("s3", answers), "bucket", ROLE)


async def test_a_role_is_told_with_its_policy_absent_or_unknown() -> None:
    policy: dict[str, Any] = {"Statement": []}
    there = premises(GetRole=lambda asked: {"Role": {"AssumeRolePolicyDocument": policy, "Name": asked["RoleName"]}})
    assert await there.trust() == await there.trust() == Trust(policy)
    assert await premises(GetRole=lambda asked: error("NoSuchEntity")).trust() == Trust(None)
    denied = await premises(GetRole=lambda asked: error("AccessDenied")).trust()
    assert denied == Unknown("AccessDenied: said the test")
    offline = await premises(GetRole=lambda asked: EndpointConnectionError(endpoint_url="http://x")).trust()
    assert isinstance(offline, Unknown)


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"BucketRegion": "eu-west-1"}, Place(True, "eu-west-1")),
        ({"ResponseMetadata": {"HTTPHeaders": {"x-amz-bucket-region": "us-east-1"}}}, Place(True, "us-east-1")),
        ({}, Place(True)),
        (error("404"), Place(False)),
        (error("403"), Unknown("403: said the test")),
        (
            ClientError(
                {"Error": {"Code": "301"}, "ResponseMetadata": {"HTTPHeaders": {"x-amz-bucket-region": "eu-west-1"}}},
                "HeadBucket",
            ),
            Place(True, "eu-west-1"),
        ),
    ],
)
async def test_a_bucket_is_there_with_its_region_gone_or_closed(answer: Any, place: Place | Unknown) -> None:
    assert await premises(HeadBucket=lambda asked: answer).bucket() == place


async def test_a_file_is_there_gone_or_closed() -> None:
    assert await premises(HeadObject=lambda asked: {}).file("k") == Place(True)
    assert await premises(HeadObject=lambda asked: error("404")).file("k") == Place(False)
    assert isinstance(await premises(HeadObject=lambda asked: error("403")).file("k"), Unknown)


def quota_of(value: float, name: str = "(Model customization) Scheduled customization jobs") -> Answer:
    return lambda asked: {"Quota": {"QuotaCode": asked["QuotaCode"], "QuotaName": name, "Value": value}}


def refused(asked: dict[str, Any]) -> ClientError:
    return error("AccessDeniedException")


async def test_a_quota_is_the_accounts_own_or_the_default_and_counted_page_by_page() -> None:
    def jobs(asked: dict[str, Any]) -> Any:
        assert asked["statusEquals"] == "InProgress"
        page: dict[str, Any] = {"modelCustomizationJobSummaries": [{}]}
        return page if "nextToken" in asked else page | {"nextToken": "2"}

    own = premises(GetServiceQuota=quota_of(2), ListModelCustomizationJobs=jobs)
    assert await own.standing(JOBS) == Standing(JOBS, 2, 2)
    default = premises(
        GetServiceQuota=refused, GetAWSDefaultServiceQuota=quota_of(3), ListModelCustomizationJobs=refused
    )
    assert await default.standing(JOBS) == Standing(JOBS, 3, None)


async def test_units_are_those_of_custom_models_without_a_commitment() -> None:
    def unit(model: str, **more: str) -> dict[str, Any]:
        return {"modelUnits": 2, "modelArn": f"{HERE}:{model}"} | more

    units = [
        unit("custom-model/x/y"), unit("custom-model/x/z", commitmentDuration="OneMonth"), unit("foundation-model/x"),
    ]  # fmt: skip
    found = premises(
        GetServiceQuota=quota_of(5, f"Model units {UNITS.called}"),
        ListProvisionedModelThroughputs=lambda asked: {"provisionedModelSummaries": units},
    )
    assert await found.standing(UNITS) == Standing(UNITS, 5, 2)


@pytest.mark.parametrize("quota", QUOTAS)
async def test_where_quotas_cannot_be_read_or_mean_something_else_nothing_is_known(quota: Quota) -> None:
    closed = premises(GetServiceQuota=refused, GetAWSDefaultServiceQuota=refused)
    assert await closed.standing(quota) == Standing(quota)
    assert await premises(GetServiceQuota=quota_of(1, "something else")).standing(quota) == Standing(quota)


async def test_models_are_the_accounts_own() -> None:
    found = premises(
        GetServiceQuota=quota_of(100, "Custom models per account"),
        ListCustomModels=lambda asked: {"modelSummaries": [{}] * 7} if asked["isOwned"] else {},
    )
    assert await found.standing(MODELS) == Standing(MODELS, 100, 7)
