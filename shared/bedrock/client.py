"""Amazon Bedrock over aiobotocore: the one implementation of the port, local cloud and AWS alike."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from schemas.base import content_hash
from shared.bedrock import cards
from shared.bedrock.cache import AnswerCache
from shared.bedrock.deployments import AwsDeployments
from shared.bedrock.embedder import Embedder
from shared.bedrock.embedding_cache import EmbeddingCache
from shared.bedrock.errors import code_of, translated
from shared.bedrock.holdings import Holding, holdings
from shared.bedrock.meter import Meter
from shared.bedrock.model_names import is_opaque, without_context
from shared.bedrock.ports import Account, Answer, Deployment, Deploys, Grounding, Job, ModelCard, ToolSpec
from shared.bedrock.requests import (
    answer_of,
    caches_prompt,
    converse_request,
    grounding_of,
    guardrail_request,
    guardrail_usage,
    usage_of,
    with_cache_point,
    worst_converse,
    worst_guardrail,
)  # fmt: skip
from shared.bedrock.usage import Usage
from shared.errors import Poison
from shared.store.ports import ObjectStore

T = TypeVar("T")

_ENDED = frozenset({"ConflictException", "ValidationException", "ResourceNotFoundException"})
"""How a job that has ended answers a stop."""

DRAFT = "DRAFT"
"""The version of a guardrail that may be changed at any time."""


class AwsBedrock:
    """``runtime`` and ``control`` are ``bedrock-runtime`` and ``bedrock`` clients, ``role`` Bedrock's service role.

    Answers are kept in ``objects``; ``meter`` makes paid calls within limits and budgets and counts them.
    """

    def __init__(self, runtime: Any, control: Any, objects: ObjectStore, meter: Meter, role: str) -> None:
        self._runtime = runtime
        self._control = control
        self._cache = AnswerCache(objects)
        self._meter = meter
        self._embedder = Embedder(self._invoke, EmbeddingCache(objects), meter)
        self._role = role
        self._deployments = AwsDeployments(control)
        self._behind: dict[str, str] = {}

    async def converse(
        self, *, model: str, system: str, user: str, max_tokens: int, cache: bool = True,
        account: Account | None = None, tool: ToolSpec | None = None,
    ) -> Answer:  # fmt: skip
        request = converse_request(model, system, user, max_tokens, tool)
        digest = content_hash(request)
        known_as = await self._known_as(model)
        if cache and (known := await self._cache.get(digest)) is not None:
            await self._meter.cached(known_as, account, usage_of(known))
            return known
        caches = caches_prompt(system, await self._meter.models.of(known_as))
        sent = with_cache_point(request) if caches else request

        async def call() -> tuple[Answer, Usage]:
            answer = answer_of(await _call(self._runtime.converse(**sent), f"Converse with model {model}"))
            return answer, usage_of(answer)

        worst = worst_converse(system, user, max_tokens, cached=caches, tool=tool)
        answer = await self._meter.pay(known_as, account, worst, call)
        if cache:
            await self._cache.put(digest, answer)
        return answer

    async def embed(self, *, model: str, texts: Sequence[str], account: Account | None = None) -> list[list[float]]:
        return await self._embedder.embed(model, texts, account)

    async def ground(
        self, *, guardrail: str, version: str, source: str, query: str, answer: str, account: Account | None = None
    ) -> Grounding:
        request = guardrail_request(guardrail, version, source, query, answer)
        name, digest, worst = f"guardrail.{guardrail}", content_hash(request), worst_guardrail(source, query, answer)
        if version != DRAFT and (known := await self._cache.get_grounding(digest)) is not None:
            await self._meter.cached(name, account, worst)
            return known

        async def call() -> tuple[Grounding, Usage]:
            response = await _call(self._runtime.apply_guardrail(**request), f"ApplyGuardrail {guardrail} {version}")
            return grounding_of(response), guardrail_usage(response)

        grounding = await self._meter.pay(name, account, worst, call)
        if version != DRAFT:
            await self._cache.put_grounding(digest, grounding)
        return grounding

    async def _invoke(self, model: str, body: bytes) -> tuple[dict[str, Any], dict[str, str]]:
        call = self._runtime.invoke_model(
            modelId=model, body=body, contentType="application/json", accept="application/json"
        )
        response = await _call(call, f"InvokeModel {model}")
        headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        async with response["body"] as stream:
            return json.loads(await stream.read()), headers

    async def _known_as(self, model: str) -> str:
        """The foundation model behind a deployment, whose facts and prices are its own; asked once a process."""
        if not is_opaque(model):
            return model
        if model not in self._behind:
            self._behind[model] = await self._deployments.base(model)
        return self._behind[model]

    async def card(self, model: str) -> ModelCard | None:
        try:
            return await self._card(model)
        except Poison:
            return None

    async def base_card(self, model: str) -> ModelCard:
        try:
            return await self._card(model)
        except Poison as unknown:
            shorter = without_context(model)
            found = await self.card(shorter) if shorter != model else None
            if found is None:
                raise unknown
            return cards.of_another_id(found)

    async def _card(self, model: str) -> ModelCard:
        call = self._control.get_foundation_model(modelIdentifier=model)
        return cards.card_of(await _call(call, f"GetFoundationModel {model}"))

    async def create_job(
        self, *, name: str, token: str, model_name: str, base_model: str, training_uri: str, output_uri: str,
        hyperparameters: Mapping[str, str], tags: Mapping[str, str],
    ) -> str:  # fmt: skip
        existing = await self.find_job(name)
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
        except (ClientError, BotoCoreError) as error:
            if not isinstance(error, ClientError) or code_of(error) not in _ENDED:
                raise translated(error, f"StopModelCustomizationJob {arn}") from error

    async def create_deployment(
        self, *, name: str, token: str, model: str, tags: Mapping[str, str], deploys: Deploys = "on_demand"
    ) -> str:
        return await self._deployments.create(name=name, token=token, model=model, tags=tags, deploys=deploys)

    async def find_deployment(self, name: str, deploys: Deploys) -> str | None:
        return await self._deployments.find(name, deploys)

    async def get_deployment(self, arn: str) -> Deployment:
        return await self._deployments.get(arn)

    async def delete_deployment(self, arn: str) -> None:
        await self._deployments.delete(arn)

    async def holdings(self) -> list[Holding]:
        return await holdings(self._control)

    async def find_job(self, name: str) -> str | None:
        """The job of this name, so that a message delivered again starts no second one."""
        response = await _call(
            self._control.list_model_customization_jobs(nameContains=name), f"ListModelCustomizationJobs {name}"
        )
        return _named(response.get("modelCustomizationJobSummaries", []), "jobName", "jobArn", name)


async def _call(call: Awaitable[T], doing: str) -> T:
    try:
        return await call
    except (ClientError, BotoCoreError) as error:
        raise translated(error, doing) from error


def _named(summaries: list[dict[str, Any]], name_key: str, arn_key: str, name: str) -> str | None:
    return next((str(summary[arn_key]) for summary in summaries if summary[name_key] == name), None)


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(tags.items())]
