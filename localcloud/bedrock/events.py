"""The EventBridge event that Bedrock sends when a customization job changes its state."""

from __future__ import annotations

import json
from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.resources import Job


def job_state_change(job: Job, account: str) -> dict[str, Any]:
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
        "accountId": account,
    }
    return {
        "Source": "aws.bedrock",
        "DetailType": "Model Customization Job State Change",
        "Resources": [job.arn],
        "Detail": json.dumps(detail),
    }


def _whole_seconds(moment: str) -> str:
    return moment.partition(".")[0] + "Z"
