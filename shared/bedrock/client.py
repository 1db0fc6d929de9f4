"""Amazon Bedrock over aiobotocore: the one implementation of the port, local cloud and AWS alike."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from schemas.base import content_hash
from shared.bedrock.cache import AnswerCache
from shared.bedrock.errors import code_of, translated
from shared.bedrock.ports import Answer, Deployment, Job, ModelCard
from shared.errors import Poison

T = TypeVar("T")


class AwsBedrock:
    """``runtime`` and ``control`` are ``bedrock-runtime`` and ``bedrock`` clients, ``role`` Bedrock's service role."""

    def __init__(self, runtime: Any, control: Any, cache: AnswerCache, role: str) -> None:
        self._runtime = runtime
        self._control = control
        self._cache = cache
        self._role = role

    async def converse(self, *, model: str, system: str, user: str, max_tokens: int, cache: bool = True) -> Answer:
        request: dict[str, Any] = {
            "modelId": model,
            "system": [{"text": system}],
            "messages": [{"role": "user", "content": [{"text": user}]}],
            "inferenceConfig": {"maxTokens": max_tokens, "temperature": 0.0},
        }
        digest = content_hash(request)
        if cache and (known := await self._cache.get(digest)) is not None:
            return known
        response = await _call(self._runtime.converse(**request), f"Converse with model {model}")
        answer = _answer(response)
        if cache:
            await self._cache.put(digest, answer)
        return answer

    async def card(self, model: str) -> ModelCard | None:
        try:
            response = await self._control.get_foundation_model(modelIdentifier=model)
        except (ClientError, BotoCoreError) as error:
            reason = translated(error, f"GetFoundationModel {model}")
            if isinstance(reason, Poison):
                return None
            raise reason from error
        details = response["modelDetails"]
        return ModelCard(provider=str(details.get("providerName", "")), name=str(details.get("modelName", "")))

    async def create_job(
        self, *, name: str, token: str, model_name: str, base_model: str, training_uri: str, output_uri: str,
        hyperparameters: Mapping[str, str], tags: Mapping[str, str],
    ) -> str:  # fmt: skip
        existing = await self._find_job(name)
        if existing is not None:
            return existing
        response = await _call(
            self._control.create_model_customization_job(
                jobName=name,
                clientRequestToken=token,
                customModelName=model_name,
                roleArn=self._role,
                baseModelIdentifier=base_model,
                customizationType="FINE_TUNING",
                trainingDataConfig={"s3Uri": training_uri},
                outputDataConfig={"s3Uri": output_uri},
                hyperParameters=dict(hyperparameters),
                jobTags=_tags(tags),
                customModelTags=_tags(tags),
            ),
            f"CreateModelCustomizationJob {name} on base model {base_model}",
        )
        return str(response["jobArn"])

    async def get_job(self, arn: str) -> Job:
        call = self._control.get_model_customization_job(jobIdentifier=arn)
        response = await _call(call, f"GetModelCustomizationJob {arn}")
        return Job(
            arn=arn,
            status=response["status"],
            model=response.get("outputModelArn"),
            failure=response.get("failureMessage"),
        )

    async def stop_job(self, arn: str) -> None:
        try:
            await self._control.stop_model_customization_job(jobIdentifier=arn)
        except ClientError as error:
            if code_of(error) not in {"ConflictException", "ValidationException", "ResourceNotFoundException"}:
                raise translated(error, f"StopModelCustomizationJob {arn}") from error

    async def create_deployment(self, *, name: str, token: str, model: str, tags: Mapping[str, str]) -> str:
        existing = await self._find_deployment(name)
        if existing is not None:
            return existing
        response = await _call(
            self._control.create_custom_model_deployment(
                modelDeploymentName=name, modelArn=model, clientRequestToken=token, tags=_tags(tags)
            ),
            f"CreateCustomModelDeployment {name}",
        )
        return str(response["customModelDeploymentArn"])

    async def get_deployment(self, arn: str) -> Deployment:
        response = await _call(
            self._control.get_custom_model_deployment(customModelDeploymentIdentifier=arn),
            f"GetCustomModelDeployment {arn}",
        )
        return Deployment(arn=arn, status=response["status"], failure=response.get("failureMessage"))

    async def delete_deployment(self, arn: str) -> None:
        try:
            await self._control.delete_custom_model_deployment(customModelDeploymentIdentifier=arn)
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise translated(error, f"DeleteCustomModelDeployment {arn}") from error
        except BotoCoreError as error:
            raise translated(error, f"DeleteCustomModelDeployment {arn}") from error

    async def _find_job(self, name: str) -> str | None:
        """The job of this name, so that a message delivered again starts no second one."""
        response = await _call(
            self._control.list_model_customization_jobs(nameContains=name), f"ListModelCustomizationJobs {name}"
        )
        return _named(response.get("modelCustomizationJobSummaries", []), "jobName", "jobArn", name)

    async def _find_deployment(self, name: str) -> str | None:
        response = await _call(
            self._control.list_custom_model_deployments(nameContains=name), f"ListCustomModelDeployments {name}"
        )
        found = response.get("modelDeploymentSummaries", [])
        return _named(found, "customModelDeploymentName", "customModelDeploymentArn", name)


async def _call(call: Awaitable[T], doing: str) -> T:
    try:
        return await call
    except (ClientError, BotoCoreError) as error:
        raise translated(error, doing) from error


def _answer(response: Mapping[str, Any]) -> Answer:
    blocks = response["output"]["message"]["content"]
    usage = response.get("usage", {})
    return Answer(
        text="".join(block.get("text", "") for block in blocks),
        stop_reason=str(response.get("stopReason", "")),
        input_tokens=int(usage.get("inputTokens", 0)),
        output_tokens=int(usage.get("outputTokens", 0)),
    )


def _named(summaries: list[dict[str, Any]], name_key: str, arn_key: str, name: str) -> str | None:
    return next((str(summary[arn_key]) for summary in summaries if summary[name_key] == name), None)


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(tags.items())]
