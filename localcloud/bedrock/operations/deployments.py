"""Custom model deployments: on-demand inference of a custom model."""

from __future__ import annotations

from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ResourceNotFoundException, ValidationException
from localcloud.bedrock.operations import custom_models
from localcloud.bedrock.operations.paging import page, select
from localcloud.bedrock.operations.quotas import check_quota
from localcloud.bedrock.resources import Deployment


async def create_deployment(backend: Backend, call: Call) -> Answer:
    """A repeated client token gives the deployment that it made; a used name is an error."""
    request, kept = call.params, backend.tables.deployments
    token, name = request.get("clientRequestToken"), request["modelDeploymentName"]
    known = next((each for each in kept if token and each.token == token), None)
    if known:
        return {"customModelDeploymentArn": known.arn}
    if any(each.name == name for each in kept):
        raise ValidationException("The provided custom model deployment name is currently in use.")
    model = custom_models.find(backend, request["modelArn"])
    check_quota(backend, model.base, "deployments")
    deployment = Deployment(
        arn=arns.deployment(call.region, backend.account, arns.new_id()),
        name=name,
        model_arn=model.arn,
        token=token,
        description=request.get("description"),
        tags=request.get("tags", []),
        failure=backend.faults.failing("deployments", model.base, name),
    )
    kept.put(deployment.arn, deployment)
    return {"customModelDeploymentArn": deployment.arn}


async def get_deployment(backend: Backend, call: Call) -> Answer:
    deployment = find(backend, call.params["customModelDeploymentIdentifier"])
    details = {
        "customModelDeploymentArn": deployment.arn,
        "modelDeploymentName": deployment.name,
        "modelArn": deployment.model_arn,
        "createdAt": deployment.created_at,
        "status": deployment.status,
        "lastUpdatedAt": deployment.created_at,
    }
    return details | ({"description": deployment.description} if deployment.description else {}) | _failure(deployment)


async def list_deployments(backend: Backend, call: Call) -> Answer:
    params = call.params
    found = select(
        [_summary(each) for each in backend.tables.deployments],
        params,
        name="customModelDeploymentName",
        created="createdAt",
        before="createdBefore",
        after="createdAfter",
    )
    found = [each for each in found if params.get("statusEquals") in (None, each["status"])]
    found = [each for each in found if params.get("modelArnEquals") in (None, each["modelArn"])]
    return page("modelDeploymentSummaries", found, params)


async def delete_deployment(backend: Backend, call: Call) -> Answer:
    deployment = find(backend, call.params["customModelDeploymentIdentifier"])
    backend.tables.deployments.delete(deployment.arn)
    return {}


def find(backend: Backend, identifier: str) -> Deployment:
    """By ARN or name. Raises ResourceNotFoundException."""
    for deployment in backend.tables.deployments:
        if identifier in (deployment.arn, deployment.name):
            return deployment
    raise ResourceNotFoundException(f"Could not find custom model deployment {identifier}.")


def _summary(deployment: Deployment) -> dict[str, Any]:
    return {
        "customModelDeploymentArn": deployment.arn,
        "customModelDeploymentName": deployment.name,
        "modelArn": deployment.model_arn,
        "createdAt": deployment.created_at,
        "status": deployment.status,
        "lastUpdatedAt": deployment.created_at,
        **_failure(deployment),
    }


def _failure(deployment: Deployment) -> dict[str, str]:
    return {"failureMessage": deployment.failure} if deployment.status == "Failed" and deployment.failure else {}
