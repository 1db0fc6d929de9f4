from __future__ import annotations

import json

import pytest

from localcloud.bedrock.events import invocation_state_change, job_state_change
from localcloud.bedrock.resources import InvocationJob, Job
from tests.recorded_events import recorded_event


def test_the_event_has_every_member_of_the_one_that_aws_sends() -> None:
    recorded = recorded_event("model_customization")
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
    entry = job_state_change(job)
    detail = json.loads(entry["Detail"])
    assert (entry["Source"], entry["DetailType"]) == (recorded["source"], recorded["detail-type"])
    assert set(recorded["detail"]) == set(detail)
    assert (detail["jobStatus"], detail["failureMessage"]) == ("Failed", "no data")
    assert len(detail["endTime"]) == len(recorded["detail"]["endTime"])


def test_that_of_a_batch_has_every_member_too_and_its_time_in_words() -> None:
    recorded = recorded_event("batch_inference")
    arn = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/abcdefghijkl"
    job = InvocationJob(arn, "b", None, "local.reader-v1", {}, [], submit_time="2024-08-28T22:47:53.123456Z")
    job.become("Failed", "no data")
    entry = invocation_state_change(job, "000000000000")
    detail = json.loads(entry["Detail"])
    assert (entry["Source"], entry["DetailType"]) == (recorded["source"], recorded["detail-type"])
    assert set(detail) == set(recorded["detail"])
    assert (detail["status"], detail["failureMessage"]) == ("Failed", "no data")
    assert detail["creationTime"] == recorded["detail"]["creationTime"]


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2026-01-05T00:07:08.000000Z", "Jan 5, 2026, 12:07:08 AM"),
        ("2026-11-30T12:00:00.000000Z", "Nov 30, 2026, 12:00:00 PM"),
    ],
)
def test_midnight_and_noon_are_twelve(moment: str, written: str) -> None:
    job = InvocationJob("arn:aws:bedrock:r:0:model-invocation-job/a", "b", None, "m", {}, [], submit_time=moment)
    assert json.loads(invocation_state_change(job, "0")["Detail"])["creationTime"] == written
