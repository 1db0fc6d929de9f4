"""Batch inference jobs: create, read, list, stop."""

from __future__ import annotations

from typing import Any

from localcloud.bedrock import arns, clock
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.catalog import Foundation
from localcloud.bedrock.errors import ConflictException, ResourceNotFoundException, ValidationException
from localcloud.bedrock.operations.job_checks import check_role
from localcloud.bedrock.operations.paging import page, select
from localcloud.bedrock.operations.quotas import check_quota
from localcloud.bedrock.resources import InvocationJob


async def create_job(backend: Backend, call: Call) -> Answer:
    """A repeated client token gives the job that it made; a used job name is a conflict."""
    request = call.params
    known = _by_token(backend, request.get("clientRequestToken"))
    if known:
        return {"jobArn": known.arn}
    base = _model(backend, request["modelId"])
    await check_role(backend, request["roleArn"], call.region)
    await backend.cloud.keep()
    known = _by_token(backend, request.get("clientRequestToken"))  # its twin may have won while we checked
    if known:
        return {"jobArn": known.arn}
    if any(job.name == request["jobName"] for job in backend.tables.invocation_jobs):
        raise ConflictException("The provided job name is currently in use.")
    check_quota(backend, base.id, "invocation_jobs")
    job = InvocationJob(
        arn=arns.invocation_job(call.region, backend.account, arns.new_id()),
        name=request["jobName"],
        token=request.get("clientRequestToken"),
        base=base.id,
        request=request,
        tags=request.get("tags", []),
    )
    backend.tables.invocation_jobs.put(job.arn, job)
    backend.invoker.start(job)
    return {"jobArn": job.arn}


async def get_job(backend: Backend, call: Call) -> Answer:
    return _details(_find(backend, call))


async def list_jobs(backend: Backend, call: Call) -> Answer:
    status = call.params.get("statusEquals")
    jobs = [_details(job) for job in backend.tables.invocation_jobs if status in (None, job.status)]
    found = select(
        jobs, call.params, name="jobName", created="submitTime", before="submitTimeBefore", after="submitTimeAfter"
    )
    return page("invocationJobSummaries", found, call.params)


async def stop_job(backend: Backend, call: Call) -> Answer:
    job = _find(backend, call)
    if not job.running:
        raise ConflictException(f"The job {job.name} is {job.status} and cannot be stopped.")
    if job.status != "Stopping":
        await backend.invoker.stop(job)
    return {}


def _find(backend: Backend, call: Call) -> InvocationJob:
    identifier = call.params["jobIdentifier"]
    for job in backend.tables.invocation_jobs:
        if identifier in (job.arn, arns.last_part(job.arn)):
            return job
    raise ResourceNotFoundException(f"Could not find batch inference job {identifier}.")


def _by_token(backend: Backend, token: str | None) -> InvocationJob | None:
    return next((job for job in backend.tables.invocation_jobs if token and job.token == token), None)


def _model(backend: Backend, model_id: str) -> Foundation:
    if model_id.startswith("arn:") and arns.resource_of(model_id).startswith(("custom-model/", "provisioned-model/")):
        raise ValidationException(f"The model {model_id} does not support batch inference.")
    found = backend.catalog.find(model_id)
    if found is None:
        raise ValidationException("The provided model identifier is invalid.")
    return found


def _details(job: InvocationJob) -> dict[str, Any]:
    request = job.request
    details = {
        "jobArn": job.arn,
        "jobName": job.name,
        "modelId": request["modelId"],
        "roleArn": request["roleArn"],
        "status": job.status,
        "submitTime": job.submit_time,
        "lastModifiedTime": job.last_modified_time,
        "inputDataConfig": request["inputDataConfig"],
        "outputDataConfig": request["outputDataConfig"],
        "timeoutDurationInHours": job.hours,
        "jobExpirationTime": clock.later(job.submit_time, job.hours),
        "modelInvocationType": request.get("modelInvocationType", "InvokeModel"),
        "totalRecordCount": job.total,
        "processedRecordCount": job.succeeded + job.failed,
        "successRecordCount": job.succeeded,
        "errorRecordCount": job.failed,
    }
    optional = {
        "clientRequestToken": job.token,
        "message": job.message,
        "endTime": job.end_time,
        "vpcConfig": request.get("vpcConfig"),
    }
    return details | {name: value for name, value in optional.items() if value is not None}
