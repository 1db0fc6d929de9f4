"""Provisioned throughput: a custom or foundation model behind model units of its own."""

from __future__ import annotations

from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ConflictException, ResourceNotFoundException, ValidationException
from localcloud.bedrock.operations import custom_models
from localcloud.bedrock.operations.paging import page, select
from localcloud.bedrock.operations.quotas import check_quota
from localcloud.bedrock.provisioned import ProvisionedThroughput


async def create_throughput(backend: Backend, call: Call) -> Answer:
    """A repeated client token gives the throughput that it made; a used name is an error."""
    request, kept = call.params, backend.tables.throughputs
    token, name = request.get("clientRequestToken"), request["provisionedModelName"]
    known = next((each for each in kept if token and each.token == token), None)
    if known:
        return {"provisionedModelArn": known.arn}
    if any(each.name == name for each in kept):
        # AWS's model gives this operation no ConflictException
        raise ValidationException("The provided provisioned model name is currently in use.")
    model_arn, base = _model(backend, call)
    check_quota(backend, base, "model_units", request["modelUnits"])
    throughput = ProvisionedThroughput(
        arn=arns.throughput(call.region, backend.account, arns.new_id()),
        name=name,
        model_arn=model_arn,
        base=base,
        units=request["modelUnits"],
        commitment=request.get("commitmentDuration"),
        token=token,
        tags=request.get("tags", []),
        failure=backend.faults.failing("throughputs", base, name),
    )
    kept.put(throughput.arn, throughput)
    return {"provisionedModelArn": throughput.arn}


async def get_throughput(backend: Backend, call: Call) -> Answer:
    throughput = find(backend, call.params["provisionedModelId"])
    failed = {"failureMessage": throughput.failure} if throughput.status == "Failed" else {}
    return _details(throughput) | failed


async def list_throughputs(backend: Backend, call: Call) -> Answer:
    params = call.params
    found = select([_details(each) for each in backend.tables.throughputs], params, name="provisionedModelName")
    found = [each for each in found if params.get("statusEquals") in (None, each["status"])]
    found = [each for each in found if params.get("modelArnEquals") in (None, each["modelArn"])]
    return page("provisionedModelSummaries", found, params)


async def delete_throughput(backend: Backend, call: Call) -> Answer:
    """Raises ConflictException before the end of a commitment."""
    throughput = find(backend, call.params["provisionedModelId"])
    if throughput.committed:
        raise ConflictException(
            f"The provisioned throughput {throughput.name} is committed until {throughput.committed_until}"
            " and cannot be deleted before."
        )
    backend.tables.throughputs.delete(throughput.arn)
    return {}


def find(backend: Backend, identifier: str) -> ProvisionedThroughput:
    """By ARN or name. Raises ResourceNotFoundException."""
    for throughput in backend.tables.throughputs:
        if identifier in (throughput.arn, throughput.name):
            return throughput
    raise ResourceNotFoundException(f"Could not find provisioned model {identifier}.")


def _model(backend: Backend, call: Call) -> tuple[str, str]:
    """The model's ARN and the id of the foundation model under it. Raises ValidationException."""
    model_id = call.params["modelId"]
    found = backend.catalog.find(model_id)
    if found and found.local.output != "TEXT":
        raise ValidationException(f"The model {model_id} does not support provisioned throughput.")
    if found:
        _check_lifecycle(backend, found.id)
        return arns.foundation_model(call.region, found.id), found.id
    try:
        custom = custom_models.find(backend, model_id)
    except ResourceNotFoundException:
        raise ValidationException("The provided model identifier is invalid.") from None
    _check_lifecycle(backend, custom.base)
    return custom.arn, custom.base


def _check_lifecycle(backend: Backend, base: str) -> None:
    if backend.faults.lifecycle(base)["status"] == "LEGACY":
        raise ValidationException(f"The model {base} is legacy: no provisioned throughput can be created for it.")


def _details(throughput: ProvisionedThroughput) -> dict[str, Any]:
    details = {
        "provisionedModelArn": throughput.arn,
        "provisionedModelName": throughput.name,
        "modelArn": throughput.model_arn,
        "desiredModelArn": throughput.model_arn,
        "foundationModelArn": arns.foundation_model(arns.region_of(throughput.arn), throughput.base),
        "modelUnits": throughput.units,
        "desiredModelUnits": throughput.units,
        "status": throughput.status,
        "creationTime": throughput.created_at,
        "lastModifiedTime": throughput.created_at,
    }
    optional = {
        "commitmentDuration": throughput.commitment,
        "commitmentExpirationTime": throughput.committed_until,
    }
    return details | {name: value for name, value in optional.items() if value is not None}
