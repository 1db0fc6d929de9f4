"""The premises of a job over aiobotocore: IAM, S3, Service Quotas, and Bedrock's own lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.bedrock.premises import Place, Trust, Unknown
from shared.bedrock.quotas import JOBS, MODELS, UNITS, Quota, Standing
from shared.cloud_errors import code_of, said_by

ABSENT = frozenset({"NoSuchEntity", "NoSuchEntityException", "404", "NoSuchBucket", "NoSuchKey", "NotFound"})
REGION = "x-amz-bucket-region"
MOVED = frozenset({"301", "PermanentRedirect"})
_COUNTED: dict[Quota, tuple[str, str, Mapping[str, Any]]] = {
    JOBS: ("list_model_customization_jobs", "modelCustomizationJobSummaries", {"statusEquals": "InProgress"}),
    MODELS: ("list_custom_models", "modelSummaries", {"isOwned": True}),
    UNITS: ("list_provisioned_model_throughputs", "provisionedModelSummaries", {}),
}
"""What of each quota is used: an operation of ``bedrock``, where its answer lists it, and what is asked for."""


class AwsPremises:
    """``control`` and ``s3`` are clients of ``bedrock`` and ``s3``; ``make`` gives one by its service's name, for the
    services that only who starts jobs asks."""

    def __init__(self, make: Callable[[str], Awaitable[Any]], control: Any, s3: Any, bucket: str, role: str) -> None:
        self._make = make
        self._control = control
        self._s3 = s3
        self._bucket = bucket
        self._clients: dict[str, Any] = {}
        self.role = role

    async def trust(self) -> Trust | Unknown:
        iam = await self._client("iam")
        try:
            found = await iam.get_role(RoleName=self.role.rsplit("/", 1)[-1])
        except (ClientError, BotoCoreError) as error:
            return Trust(None) if _absent(error) else _unknown(error)
        return Trust(found["Role"].get("AssumeRolePolicyDocument", {}))

    async def bucket(self) -> Place | Unknown:
        try:
            return Place(True, _region(await self._s3.head_bucket(Bucket=self._bucket)))
        except ClientError as error:
            if code_of(error) in MOVED:
                return Place(True, _region(error.response))
            return Place(False) if _absent(error) else _unknown(error)
        except BotoCoreError as error:
            return _unknown(error)

    async def file(self, key: str) -> Place | Unknown:
        try:
            await self._s3.head_object(Bucket=self._bucket, Key=key)
        except (ClientError, BotoCoreError) as error:
            return Place(False) if _absent(error) else _unknown(error)
        return Place(True)

    async def standing(self, quota: Quota) -> Standing:
        limit = await self._limit(quota)
        return Standing(quota, limit, None if limit is None else await self._used(quota))

    async def _limit(self, quota: Quota) -> float | None:
        """The account's own value, else AWS's default; None where neither can be read."""
        quotas = await self._client("service-quotas")
        for ask in (quotas.get_service_quota, quotas.get_aws_default_service_quota):
            try:
                found = (await ask(ServiceCode="bedrock", QuotaCode=quota.code))["Quota"]
                return float(found["Value"]) if quota.called in found.get("QuotaName", "") else None
            except (ClientError, BotoCoreError, KeyError):
                continue
        return None

    async def _used(self, quota: Quota) -> int | None:
        operation, found, wanted = _COUNTED[quota]
        used, page = 0, dict[str, str]()
        while True:
            try:
                response = await getattr(self._control, operation)(**wanted, **page)
            except (ClientError, BotoCoreError):
                return None
            used += sum(_takes(quota, summary) for summary in response.get(found, []))
            if not response.get("nextToken"):
                return used
            page = {"nextToken": response["nextToken"]}

    async def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = await self._make(service)
        return self._clients[service]


def _takes(quota: Quota, summary: Mapping[str, Any]) -> int:
    """How much of the quota one thing takes. Units with a commitment, or of a foundation model, are of other quotas."""
    if quota is not UNITS:
        return 1
    own = "commitmentDuration" not in summary and ":custom-model/" in str(summary.get("modelArn", ""))
    return int(summary.get("modelUnits", 0)) if own else 0


def _absent(error: Exception) -> bool:
    return isinstance(error, ClientError) and code_of(error) in ABSENT


def _unknown(error: Exception) -> Unknown:
    return Unknown(said_by(error) if isinstance(error, ClientError) else f"{type(error).__name__}: {error}")


def _region(response: Mapping[str, Any]) -> str | None:
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    found = response.get("BucketRegion") or headers.get(REGION)
    return None if found is None else str(found)
