from __future__ import annotations

import json
from pathlib import Path

import pytest

from localcloud.bedrock.events import job_state_change
from localcloud.bedrock.resources import Job

RECORDED = Path(__file__).parents[5] / "shared/data/events/bedrock/eventbridge_model_customization_job.json"


def test_the_event_has_every_member_of_the_one_that_aws_sends() -> None:
    if not RECORDED.exists():
        pytest.skip("the recorded AWS events (../shared/data/events/bedrock) are not here")
    recorded = json.loads(RECORDED.read_text())
    job = Job(
        arn="arn:aws:bedrock:us-east-1:000000000000:model-customization-job/local.reader-v1/abcdefghijkl",
        name="j",
        token=None,
        base="local.reader-v1",
        local_model="local.reader-v1",
        tags=[],
        request={
            "customModelName": "m",
            "roleArn": "arn:aws:iam::000000000000:role/r",
            "trainingDataConfig": {"s3Uri": "s3://b/t"},
            "outputDataConfig": {"s3Uri": "s3://b/o"},
        },
    )
    job.become("Failed", "no data")
    entry = job_state_change(job, "000000000000")
    detail = json.loads(entry["Detail"])
    assert (entry["Source"], entry["DetailType"]) == (recorded["source"], recorded["detail-type"])
    assert set(recorded["detail"]) <= set(detail)
    assert (detail["jobStatus"], detail["failureMessage"]) == ("Failed", "no data")
    assert len(detail["endTime"]) == len(recorded["detail"]["endTime"])
