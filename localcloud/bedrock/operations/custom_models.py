"""Custom models: what finished customization jobs left."""

from __future__ import annotations

from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ConflictException, ResourceNotFoundException
from localcloud.bedrock.operations.paging import page, select
from localcloud.bedrock.resources import CustomModel


async def get_custom_model(backend: Backend, call: Call) -> Answer:
    model = find(backend, call.params["modelIdentifier"])
    details: dict[str, Any] = {
        "modelArn": model.arn,
        "modelName": model.name,
        "jobArn": model.job_arn,
        "baseModelArn": _base_arn(model),
        "customizationType": "FINE_TUNING",
        "creationTime": model.creation_time,
        "modelStatus": "Active",
    }
    job = backend.tables.jobs.get(model.job_arn)
    if job:
        request = job.request
        details |= {
            "jobName": job.name,
            "hyperParameters": request.get("hyperParameters", {}),
            "trainingDataConfig": request["trainingDataConfig"],
            "validationDataConfig": request.get("validationDataConfig", {"validators": []}),
            "outputDataConfig": request["outputDataConfig"],
            "trainingMetrics": {} if job.training_loss is None else {"trainingLoss": job.training_loss},
        }
    return details


async def list_custom_models(backend: Backend, call: Call) -> Answer:
    params = call.params
    found = select([_summary(backend, model) for model in backend.tables.models], params, name="modelName")
    for name in ("baseModelArnEquals", "foundationModelArnEquals"):
        found = [each for each in found if params.get(name) in (None, each["baseModelArn"])]
    found = [each for each in found if params.get("modelStatus") in (None, "Active")]
    return page("modelSummaries", found, params)


async def delete_custom_model(backend: Backend, call: Call) -> Answer:
    model = find(backend, call.params["modelIdentifier"])
    tables = backend.tables
    users = {
        "deployments": [each.name for each in tables.deployments if each.model_arn == model.arn],
        "provisioned throughputs": [each.name for each in tables.throughputs if each.model_arn == model.arn],
    }
    for kind, names in users.items():
        if names:
            raise ConflictException(f"The custom model {model.name} is in use by the {kind} {', '.join(names)}.")
    backend.tables.models.delete(model.arn)
    backend.tables.weights.delete(model.arn)
    return {}


def find(backend: Backend, identifier: str) -> CustomModel:
    """By ARN or name. Raises ResourceNotFoundException."""
    for model in backend.tables.models:
        if identifier in (model.arn, model.name):
            return model
    raise ResourceNotFoundException(f"Could not find custom model {identifier}.")


def _summary(backend: Backend, model: CustomModel) -> dict[str, Any]:
    return {
        "modelArn": model.arn,
        "modelName": model.name,
        "creationTime": model.creation_time,
        "baseModelArn": _base_arn(model),
        "baseModelName": model.base.partition(":")[0],  # the shape's pattern has no room for a version
        "customizationType": "FINE_TUNING",
        "ownerAccountId": backend.account,
        "modelStatus": "Active",
    }


def _base_arn(model: CustomModel) -> str:
    return arns.foundation_model(arns.region_of(model.arn), model.base)
