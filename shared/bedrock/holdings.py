"""All that runs left in an account and that may cost money: jobs under way, what serves models, the models themselves.

Whose each is, its tags say; names are not trusted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from shared.bedrock.errors import code_of, translated

HoldingKind = Literal[
    "customization job", "batch inference job", "deployment", "provisioned throughput", "custom model"
]
JOB_KINDS: tuple[HoldingKind, ...] = ("customization job", "batch inference job")
ASKED_AT_ONCE = 4
"""Tags are asked for one by one; more at a time would be throttled."""


@dataclass(frozen=True)
class Holding:
    """One thing in the account. ``created`` is in Unix seconds, ``model`` an ARN that names the base model if it can.

    ``units`` are model units that are paid by the hour; 0 for what is paid otherwise.
    """

    arn: str
    kind: HoldingKind
    name: str
    created: float
    model: str
    units: int
    tags: Mapping[str, str]


@dataclass(frozen=True)
class _Listed:
    """How one kind is listed, once for each of ``wanted``, and the names that its summaries use."""

    kind: HoldingKind
    operation: str
    found: str
    name: str
    arn: str
    created: str
    model: str
    wanted: tuple[Mapping[str, Any], ...] = ({},)


_RUNNING = ("Submitted", "Validating", "Scheduled", "InProgress")
_LISTED: tuple[_Listed, ...] = (
    _Listed(
        "customization job", "list_model_customization_jobs", "modelCustomizationJobSummaries", "jobName", "jobArn",
        "creationTime", "baseModelArn", ({"statusEquals": "InProgress"},),
    ),
    _Listed(
        "batch inference job", "list_model_invocation_jobs", "invocationJobSummaries", "jobName", "jobArn",
        "submitTime", "modelId", tuple({"statusEquals": status} for status in _RUNNING),
    ),
    _Listed(
        "deployment", "list_custom_model_deployments", "modelDeploymentSummaries", "customModelDeploymentName",
        "customModelDeploymentArn", "createdAt", "modelArn",
    ),
    _Listed(
        "provisioned throughput", "list_provisioned_model_throughputs", "provisionedModelSummaries",
        "provisionedModelName", "provisionedModelArn", "creationTime", "foundationModelArn",
    ),
    _Listed(
        "custom model", "list_custom_models", "modelSummaries", "modelName", "modelArn", "creationTime",
        "baseModelArn", ({"isOwned": True},),
    ),
)  # fmt: skip


async def holdings(control: Any) -> list[Holding]:
    """Everything there is, whoever made it. ``control`` is a ``bedrock`` client; raises Retryable or Poison."""
    gate = asyncio.Semaphore(ASKED_AT_ONCE)

    async def held(listed: _Listed, summary: Mapping[str, Any]) -> Holding | None:
        async with gate:
            return await _holding(control, listed, summary)

    found = [
        (listed, summary)
        for listed in _LISTED
        for wanted in listed.wanted
        for summary in await _summaries(control, listed, wanted)
    ]
    all_of_them = await asyncio.gather(*(held(listed, summary) for listed, summary in found))
    return [holding for holding in all_of_them if holding is not None]


async def _summaries(control: Any, listed: _Listed, wanted: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    page: dict[str, str] = {}
    while True:
        try:
            response = await getattr(control, listed.operation)(**wanted, **page)
        except (ClientError, BotoCoreError) as error:
            raise translated(error, f"listing every {listed.kind}") from error
        found += response.get(listed.found, [])
        if not response.get("nextToken"):
            return found
        page = {"nextToken": response["nextToken"]}


async def _holding(control: Any, listed: _Listed, summary: Mapping[str, Any]) -> Holding | None:
    """None for what was removed since it was listed."""
    arn = str(summary[listed.arn])
    try:
        response = await control.list_tags_for_resource(resourceARN=arn)
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and code_of(error) == "ResourceNotFoundException":
            return None
        raise translated(error, f"ListTagsForResource {arn}") from error
    return Holding(
        arn=arn,
        kind=listed.kind,
        name=str(summary[listed.name]),
        created=summary[listed.created].timestamp(),
        model=str(summary[listed.model]),
        units=int(summary.get("modelUnits", 0)),
        tags={tag["key"]: tag["value"] for tag in response.get("tags", [])},
    )
