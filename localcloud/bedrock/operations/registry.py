"""Which function answers which operation; the other operations of Bedrock's four services are refused by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call, Handler
from localcloud.bedrock.operations import (
    custom_models,
    customization_jobs,
    deployments,
    faulty,
    foundation_models,
    guarding,
    guardrails,
    invocation_jobs,
    retrieval,
    runtime,
    streaming,
    tags,
    throughputs,
)

OPERATIONS: dict[str, Callable[[Backend, Call], Awaitable[Answer]]] = {
    "ListFoundationModels": foundation_models.list_foundation_models,
    "GetFoundationModel": foundation_models.get_foundation_model,
    "CreateModelCustomizationJob": customization_jobs.create_job,
    "GetModelCustomizationJob": customization_jobs.get_job,
    "ListModelCustomizationJobs": customization_jobs.list_jobs,
    "StopModelCustomizationJob": customization_jobs.stop_job,
    "GetCustomModel": custom_models.get_custom_model,
    "ListCustomModels": custom_models.list_custom_models,
    "DeleteCustomModel": custom_models.delete_custom_model,
    "CreateCustomModelDeployment": deployments.create_deployment,
    "GetCustomModelDeployment": deployments.get_deployment,
    "ListCustomModelDeployments": deployments.list_deployments,
    "DeleteCustomModelDeployment": deployments.delete_deployment,
    "CreateProvisionedModelThroughput": throughputs.create_throughput,
    "GetProvisionedModelThroughput": throughputs.get_throughput,
    "ListProvisionedModelThroughputs": throughputs.list_throughputs,
    "DeleteProvisionedModelThroughput": throughputs.delete_throughput,
    "CreateModelInvocationJob": invocation_jobs.create_job,
    "GetModelInvocationJob": invocation_jobs.get_job,
    "ListModelInvocationJobs": invocation_jobs.list_jobs,
    "StopModelInvocationJob": invocation_jobs.stop_job,
    "CreateGuardrail": guardrails.create_guardrail,
    "GetGuardrail": guardrails.get_guardrail,
    "ListGuardrails": guardrails.list_guardrails,
    "DeleteGuardrail": guardrails.delete_guardrail,
    "ListTagsForResource": tags.list_tags,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "Converse": runtime.converse,
    "ConverseStream": streaming.converse_stream,
    "CountTokens": runtime.count_tokens,
    "InvokeModel": runtime.invoke_model,
    "ApplyGuardrail": guarding.apply_guardrail,
    "Retrieve": retrieval.retrieve,
}


def handlers(backend: Backend) -> dict[str, Handler]:
    return {name: faulty.troubled(backend, name, partial(answer, backend)) for name, answer in OPERATIONS.items()}
