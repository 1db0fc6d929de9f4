"""Customization jobs: create, read, list, stop."""

from __future__ import annotations

from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ResourceNotFoundException, ValidationException
from localcloud.bedrock.operations.job_checks import check_job
from localcloud.bedrock.operations.paging import page, select
from localcloud.bedrock.operations.quotas import check_quota
from localcloud.bedrock.resources import Job, Phase


async def create_job(backend: Backend, call: Call) -> Answer:
    """A repeated client token gives the job that it made; a used job name is an error, as on AWS."""
    request = call.params
    known = _by_token(backend, request.get("clientRequestToken"))
    if known:
        return {"jobArn": known.arn}
    base = await check_job(backend, call)
    await backend.cloud.keep()
    known = _by_token(backend, request.get("clientRequestToken"))  # its twin may have won while we checked
    if known:
        return {"jobArn": known.arn}
    _check_names(backend, request)
    check_quota(backend, base.id, "customization_jobs")
    job = Job(
        arn=arns.customization_job(call.region, backend.account, base.id, arns.new_id()),
        name=request["jobName"],
        token=request.get("clientRequestToken"),
        base=base.id,
        local_model=base.local.id,
        request=request,
        tags=request.get("jobTags", []),
    )
    backend.tables.jobs.put(job.arn, job)
    backend.trainer.start(job)
    return {"jobArn": job.arn}


async def get_job(backend: Backend, call: Call) -> Answer:
    return _details(_find(backend, call))


async def list_jobs(backend: Backend, call: Call) -> Answer:
    status = call.params.get("statusEquals")
    jobs = [job for job in backend.tables.jobs if status in (None, job.status)]
    found = select([_summary(job) for job in jobs], call.params, name="jobName")
    return page("modelCustomizationJobSummaries", found, call.params)


async def stop_job(backend: Backend, call: Call) -> Answer:
    job = _find(backend, call)
    if job.status == "InProgress":
        await backend.trainer.stop(job)
    elif job.status != "Stopping":
        raise ValidationException(f"The job {job.name} is {job.status} and cannot be stopped.")
    return {}


def _find(backend: Backend, call: Call) -> Job:
    identifier = call.params["jobIdentifier"]
    for job in backend.tables.jobs:
        if identifier in (job.arn, job.name, arns.last_part(job.arn)):
            return job
    raise ResourceNotFoundException(f"Could not find customization job {identifier}.")


def _by_token(backend: Backend, token: str | None) -> Job | None:
    return next((job for job in backend.tables.jobs if token and job.token == token), None)


def _check_names(backend: Backend, request: dict[str, Any]) -> None:
    if any(job.name == request["jobName"] for job in backend.tables.jobs):
        raise ValidationException("The provided job name is currently in use.")
    model = request["customModelName"]
    pending = [job.request["customModelName"] for job in backend.tables.jobs if job.running]
    if model in pending or any(each.name == model for each in backend.tables.models):
        raise ValidationException("The provided custom model name is currently in use.")


def _summary(job: Job) -> dict[str, Any]:
    summary = {
        "jobArn": job.arn,
        "baseModelArn": arns.foundation_model(arns.region_of(job.arn), job.base),
        "jobName": job.name,
        "status": job.status,
        "statusDetails": _phases(job),
        "lastModifiedTime": job.last_modified_time,
        "creationTime": job.creation_time,
        "customModelName": job.request["customModelName"],
        "customizationType": "FINE_TUNING",
    }
    optional = {"endTime": job.end_time, "customModelArn": job.model_arn}
    return summary | {name: value for name, value in optional.items() if value is not None}


def _details(job: Job) -> dict[str, Any]:
    request = job.request
    details = {
        "jobArn": job.arn,
        "jobName": job.name,
        "outputModelName": request["customModelName"],
        "roleArn": request["roleArn"],
        "status": job.status,
        "statusDetails": _phases(job),
        "creationTime": job.creation_time,
        "lastModifiedTime": job.last_modified_time,
        "baseModelArn": arns.foundation_model(arns.region_of(job.arn), job.base),
        "hyperParameters": request.get("hyperParameters", {}),
        "trainingDataConfig": request["trainingDataConfig"],
        "validationDataConfig": request.get("validationDataConfig", {"validators": []}),
        "outputDataConfig": request["outputDataConfig"],
        "customizationType": "FINE_TUNING",
        "trainingMetrics": {} if job.training_loss is None else {"trainingLoss": job.training_loss},
        "validationMetrics": [],
    }
    optional = {
        "outputModelArn": job.model_arn,
        "clientRequestToken": job.token,
        "failureMessage": job.failure,
        "endTime": job.end_time,
        "vpcConfig": request.get("vpcConfig"),
    }
    return details | {name: value for name, value in optional.items() if value is not None}


def _phases(job: Job) -> dict[str, Any]:
    return {
        "validationDetails": _phase(job.validation),
        "dataProcessingDetails": _phase(job.data_processing),
        "trainingDetails": _phase(job.training),
    }


def _phase(phase: Phase) -> dict[str, str]:
    return {
        "status": phase.status,
        "creationTime": phase.creation_time,
        "lastModifiedTime": phase.last_modified_time,
    }
