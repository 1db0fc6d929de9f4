"""The EventBridge events that Bedrock sends when a customization or batch inference job changes its state."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.resources import InvocationJob, Job


def job_state_change(job: Job) -> dict[str, Any]:
    """An entry for PutEvents. Shape: a recorded event of AWS (user guide, monitoring with EventBridge)."""
    request = job.request
    detail = {
        "version": "0.0",
        "jobName": job.name,
        "jobArn": job.arn,
        "outputModelName": request["customModelName"],
        "outputModelArn": job.model_arn or "",
        "roleArn": request["roleArn"],
        "jobStatus": job.status,
        "failureMessage": job.failure or "",
        "creationTime": _whole_seconds(job.creation_time),
        "lastModifiedTime": _whole_seconds(job.last_modified_time),
        "endTime": _whole_seconds(job.end_time) if job.end_time else "",
        "baseModelArn": arns.foundation_model(arns.region_of(job.arn), job.base),
        "hyperParameters": request.get("hyperParameters", {}),
        "trainingDataConfig": request["trainingDataConfig"],
        "validationDataConfig": request.get("validationDataConfig", {}),
        "outputDataConfig": request["outputDataConfig"],
    }
    return _entry("Model Customization Job State Change", job.arn, detail)


def invocation_state_change(job: InvocationJob, account: str) -> dict[str, Any]:
    """An entry for PutEvents. Shape: as above; here the status is called ``status`` and not ``jobStatus``."""
    detail = {
        "version": "0.0",
        "accountId": account,
        "batchJobName": job.name,
        "batchJobArn": job.arn,
        "batchModelId": arns.foundation_model(arns.region_of(job.arn), job.base),
        "status": job.status,
        "failureMessage": job.message or "",
        "creationTime": _in_words(job.submit_time),
    }
    return _entry("Batch Inference Job State Change", job.arn, detail)


def _entry(kind: str, arn: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"Source": "aws.bedrock", "DetailType": kind, "Resources": [arn], "Detail": json.dumps(detail)}


def _whole_seconds(moment: str) -> str:
    return moment.partition(".")[0] + "Z"


def _in_words(moment: str) -> str:
    """``Aug 28, 2024, 10:47:53 PM``, as Java writes a time of medium length."""
    time = datetime.fromisoformat(moment)
    return f"{time:%b} {time.day}, {time.year}, {time.hour % 12 or 12}:{time:%M:%S %p}"
