"""State changes of Bedrock's jobs, from the local Bedrock through EventBridge into a queue, beside what AWS sends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.process import LocalCloud
from schemas.events import JobStateChanged
from shared.runtime.decode import Decoded, decode
from tests.integration.localcloud_support import STUB, client, job_request, prepare, say
from tests.integration.test_localcloud_batch import batch_request, put
from tests.recorded_events import recorded_event

pytestmark = pytest.mark.cloud

FORMATS = (
    ("ARN", r"arn:aws:[a-z]+:[a-z0-9-]*:\d{12}:.+"),
    ("ARN of a foundation model", r"arn:aws:bedrock:[a-z0-9-]+::foundation-model/.+"),
    ("account", r"\d{12}"),
    ("time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    ("time in words", r"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M"),
    ("empty", ""),
)
ELSEWHERE = {
    "time": "EventBridge gives it; the two published events write it in two ways",
    "id": "a UUID here, a placeholder there",
    "outputModelArn": "published with an ARN although the job failed, and so has no model",
    "baseModelArn": "published with an account and without a kind, which no ARN of a base model has",
}
"""Members whose form is not compared, and why."""


@pytest.fixture(scope="module", params=["ministack", "moto"])
def delivered(request: pytest.FixtureRequest) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The events of a customization job that failed and of a batch job that was done, by detail type."""
    with LocalCloud(base=request.param, engine=STUB, batch_minimum=1) as cloud:
        role, bedrock = prepare(cloud), client(cloud, "bedrock")
        url = _queue_of_the_bus(cloud)
        client(cloud, "s3").put_object(Bucket="bucket", Key="bad.jsonl", Body=b"{torn")
        bad = {"s3Uri": "s3://bucket/bad.jsonl"}
        bedrock.create_model_customization_job(**job_request(role, "bad", trainingDataConfig=bad))
        put(cloud, "batch.jsonl", {"messages": say("x")})
        bedrock.create_model_invocation_job(**batch_request(role, "batch"))
        yield _received(client(cloud, "sqs"), url)


def _queue_of_the_bus(cloud: LocalCloud) -> str:
    sqs, events = client(cloud, "sqs"), client(cloud, "events")
    url: str = sqs.create_queue(QueueName="states")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="states", EventPattern=json.dumps({"source": ["aws.bedrock"]}))
    events.put_targets(Rule="states", Targets=[{"Id": "queue", "Arn": arn}])
    return url


def _received(sqs: Any, url: str) -> dict[str, list[dict[str, Any]]]:
    """All until both jobs have ended."""
    found: dict[str, list[dict[str, Any]]] = {}
    ended = 0
    while ended < 2:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10)["Messages"]:
            event = json.loads(message["Body"])
            found.setdefault(event["detail-type"], []).append(event)
            ended += "Failed" in event["detail"].values() or "Completed" in event["detail"].values()
    return found


@pytest.mark.parametrize("kind", ["model_customization", "batch_inference"])
def test_an_event_has_the_members_types_and_formats_of_one_that_aws_sent(
    delivered: dict[str, list[dict[str, Any]]], kind: Any
) -> None:
    recorded = recorded_event(kind)
    ours = delivered[recorded["detail-type"]]
    last = next(event for event in ours if {"Failed", "Completed"} & set(map(str, event["detail"].values())))
    assert _form(last) == _form(recorded)
    for event in ours:
        assert event.keys() == recorded.keys()
        assert {name: type(value) for name, value in event["detail"].items()} == {
            name: type(value) for name, value in recorded["detail"].items()
        }


def test_workers_read_it_as_they_read_the_one_that_aws_sent(delivered: dict[str, list[dict[str, Any]]]) -> None:
    recorded = recorded_event("model_customization")
    assert _status(recorded) == "Failed"
    assert {_status(event) for event in delivered[recorded["detail-type"]]} == {"InProgress", "Failed"}


def _status(event: dict[str, Any]) -> str:
    (item,) = decode(json.dumps(event))
    assert isinstance(item, Decoded) and isinstance(item.event, JobStateChanged)
    return item.event.status


def _form(event: dict[str, Any]) -> dict[str, str]:
    """Each text's format by its path, where it has one of the known ones. Hyperparameters and URIs are the caller's."""
    texts = {f"{name}": value for name, value in event.items() if isinstance(value, str)}
    texts |= {f"detail.{name}": value for name, value in event["detail"].items() if isinstance(value, str)}
    texts |= {"resources": event["resources"][0]}
    return {path: _format(text) for path, text in texts.items() if path.rsplit(".", 1)[-1] not in ELSEWHERE}


def _format(text: str) -> str:
    return next((name for name, pattern in FORMATS if re.fullmatch(pattern, text)), "text")
