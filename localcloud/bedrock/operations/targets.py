"""What a ``modelId`` of bedrock-runtime stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.errors import ModelNotReadyException, ValidationException
from localcloud.bedrock.operations import deployments, throughputs


@dataclass(frozen=True)
class Target:
    """A local model, with the weights of a custom model and the key under which an engine keeps them."""

    model: str
    weights: dict[str, Any] | None = None
    weights_key: str | None = None


def resolve(backend: Backend, model_id: str, *, output: str = "TEXT") -> Target:
    """A foundation model by id, alias or ARN; what is behind the ARN of a deployment or a provisioned throughput.

    Raises ValidationException for what cannot be invoked, ResourceNotFoundException for a deployment or
    throughput that is gone, ModelNotReadyException while it is being created.
    """
    kind = arns.resource_of(model_id).partition("/")[0] if model_id.startswith("arn:") else ""
    if kind == "custom-model-deployment":
        return _deployed(backend, model_id, output)
    if kind == "provisioned-model":
        return _provisioned(backend, model_id, output)
    if kind == "custom-model":
        raise ValidationException(
            f"Invocation of model ID {model_id} with on-demand throughput isn’t supported."
            " Retry your request with the ID or ARN of an inference profile that contains this model."
        )
    found = backend.catalog.find(model_id)
    if found is None:
        raise ValidationException("The provided model identifier is invalid.")
    _check_output(found.local.output, output)
    return Target(found.local.id)


def _deployed(backend: Backend, arn: str, output: str) -> Target:
    deployment = deployments.find(backend, arn)
    _check_ready(deployment.name, deployment.status, "Active")
    _check_output("TEXT", output)
    return _custom(backend, deployment.model_arn)


def _provisioned(backend: Backend, arn: str, output: str) -> Target:
    throughput = throughputs.find(backend, arn)
    _check_ready(throughput.name, throughput.status, "InService")
    _check_output("TEXT", output)
    if arns.resource_of(throughput.model_arn).startswith("custom-model/"):
        return _custom(backend, throughput.model_arn)
    return resolve(backend, throughput.model_arn)


def _custom(backend: Backend, arn: str) -> Target:
    model, weights = backend.tables.models.get(arn), backend.tables.weights.get(arn)
    assert model is not None and weights is not None, "a deployed model cannot be deleted"
    return Target(model.local_model, weights.values, model.arn)


def _check_ready(name: str, status: str, ready: str) -> None:
    if status == "Failed":
        raise ValidationException(f"{name} has failed and serves no model; its failureMessage says why.")
    if status != ready:
        raise ModelNotReadyException("Model is not ready for inference. Wait and try your request again.")


def _check_output(has: str, wanted: str) -> None:
    if has != wanted:
        raise ValidationException(
            "This action doesn't support the model that you provided. Try again with a supported model."
        )
