"""What serves a custom model: a deployment on demand or provisioned throughput, by one set of calls."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from shared.bedrock.errors import code_of, translated
from shared.bedrock.ports import Deployment, Deploys
from shared.errors import Poison, Retryable

UNITS = 1
"""Model units of provisioned throughput; without a commitment they are paid by the hour and can go at any time."""
BUSY_S = 60.0
"""Bedrock removes nothing that is still being created (ConflictException): asked again after so long."""

_STATUS: dict[str, Literal["Creating", "Active", "Failed"]] = {
    "Creating": "Creating", "Active": "Active", "InService": "Active", "Updating": "Active", "Failed": "Failed",
}  # fmt: skip
"""What is being updated goes on serving."""


@dataclass(frozen=True)
class _Kind:
    """How one kind names its calls (``verb_noun``), its parameters and what its answers hold."""

    noun: str
    title: str
    name: str
    arn: str
    model: str
    identifier: str
    summaries: str
    summary_name: str
    base: str
    fixed: Mapping[str, Any]


_KINDS: dict[Deploys, _Kind] = {
    "on_demand": _Kind(
        "custom_model_deployment", "CustomModelDeployment", name="modelDeploymentName", arn="customModelDeploymentArn",
        model="modelArn", identifier="customModelDeploymentIdentifier", summaries="modelDeploymentSummaries",
        summary_name="customModelDeploymentName", base="modelArn", fixed={},
    ),
    "provisioned": _Kind(
        "provisioned_model_throughput", "ProvisionedModelThroughput", name="provisionedModelName",
        arn="provisionedModelArn", model="modelId", identifier="provisionedModelId",
        summaries="provisionedModelSummaries", summary_name="provisionedModelName", base="foundationModelArn",
        fixed={"modelUnits": UNITS},
    ),
}  # fmt: skip


def kind_of(arn: str) -> Deploys:
    """Which way of serving an ARN speaks of."""
    return "provisioned" if ":provisioned-model/" in arn else "on_demand"


class AwsDeployments:
    """``control`` is a ``bedrock`` client. Calls raise Throttled, Retryable or Poison."""

    def __init__(self, control: Any) -> None:
        self._control = control

    async def create(self, *, name: str, token: str, model: str, tags: Mapping[str, str], deploys: Deploys) -> str:
        """The ARN of what serves the model under this name: a new one, or the one that is there."""
        existing = await self.find(name, deploys)
        if existing is not None:
            return existing
        kind = _KINDS[deploys]
        wanted = {kind.name: name, kind.model: model, "clientRequestToken": token, **kind.fixed}
        tagged = [{"key": key, "value": value} for key, value in sorted(tags.items())]
        response = await self._call(f"create_{kind.noun}", f"Create{kind.title} {name}", **wanted, tags=tagged)
        return str(response[kind.arn])

    async def get(self, arn: str) -> Deployment:
        response = await self._get(arn)
        return Deployment(arn=arn, status=_STATUS[response["status"]], failure=response.get("failureMessage"))

    async def delete(self, arn: str) -> None:
        """No error when it is gone. Raises Retryable while it is still being created."""
        kind = _KINDS[kind_of(arn)]
        await self._delete(f"delete_{kind.noun}", f"Delete{kind.title} {arn}", **{kind.identifier: arn})

    async def delete_model(self, arn: str) -> None:
        """The custom model itself. No error when it is gone. Raises Retryable while something serves it."""
        await self._delete("delete_custom_model", f"DeleteCustomModel {arn}", modelIdentifier=arn)

    async def _delete(self, operation: str, doing: str, **parameters: str) -> None:
        try:
            await getattr(self._control, operation)(**parameters)
        except (ClientError, BotoCoreError) as error:
            code = code_of(error) if isinstance(error, ClientError) else ""
            if code == "ConflictException":
                raise Retryable(f"{doing}: {error}", delay_s=BUSY_S) from error
            if code != "ResourceNotFoundException":
                raise translated(error, doing) from error

    async def find(self, name: str, deploys: Deploys) -> str | None:
        """The ARN of what bears exactly this name; None when nothing does."""
        kind, page = _KINDS[deploys], dict[str, str]()
        while True:
            doing = f"List{kind.title}s {name}"
            response = await self._call(f"list_{kind.noun}s", doing, nameContains=name, **page)
            for summary in response.get(kind.summaries, []):
                if summary[kind.summary_name] == name:
                    return str(summary[kind.arn])
            if not response.get("nextToken"):
                return None
            page = {"nextToken": response["nextToken"]}

    async def base(self, arn: str) -> str:
        """A model ARN that names the foundation model behind; the ARN itself where nobody can say."""
        try:
            if ":application-inference-profile/" in arn:
                return await self._profiled(arn)
            response = await self._get(arn)
        except Poison:
            return arn
        return str(response.get(_KINDS[kind_of(arn)].base, arn))

    async def _profiled(self, arn: str) -> str:
        """One of the models that a profile sends requests to: they are one model in several regions."""
        doing = f"GetInferenceProfile {arn}"
        response = await self._call("get_inference_profile", doing, inferenceProfileIdentifier=arn)
        return str(response["models"][0]["modelArn"])

    async def _get(self, arn: str) -> dict[str, Any]:
        kind = _KINDS[kind_of(arn)]
        return await self._call(f"get_{kind.noun}", f"Get{kind.title} {arn}", **{kind.identifier: arn})

    async def _call(self, operation: str, doing: str, **parameters: Any) -> dict[str, Any]:
        try:
            call: Awaitable[dict[str, Any]] = getattr(self._control, operation)(**parameters)
            return await call
        except (ClientError, BotoCoreError) as error:
            raise translated(error, doing) from error
