"""Batch inference of the local Bedrock as clients of AWS see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from localcloud.process import LocalCloud
from tests.integration.localcloud_support import BUCKET, STUB, answer, client, prepare, say, until

pytestmark = pytest.mark.cloud

MINIMUM = 3
ENDED = ("Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired")


@pytest.fixture(scope="module", params=["ministack", "moto"])
def cloud(request: pytest.FixtureRequest) -> Iterator[LocalCloud]:
    with LocalCloud(base=request.param, engine=STUB, batch_minimum=MINIMUM) as running:
        yield running


@pytest.fixture(scope="module")
def role(cloud: LocalCloud) -> str:
    return prepare(cloud)


@pytest.fixture(scope="module")
def bedrock(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock")


def batch_request(role: str, name: str, **changes: Any) -> dict[str, Any]:
    request = {
        "jobName": name,
        "roleArn": role,
        "modelId": "local.reader-v1",
        "modelInvocationType": "Converse",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{BUCKET}/{name}.jsonl"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{BUCKET}/out/"}},
    }
    return {**request, **changes}


def put(cloud: LocalCloud, key: str, *bodies: Any) -> None:
    """Records with the ids r0, r1, …; a text is a line as it is."""
    lines = [
        body if isinstance(body, str) else json.dumps({"recordId": f"r{number}", "modelInput": body})
        for number, body in enumerate(bodies)
    ]
    client(cloud, "s3").put_object(Bucket=BUCKET, Key=key, Body="\n".join(lines).encode())


def ended(bedrock: Any, arn: str) -> dict[str, Any]:
    return until(lambda: bedrock.get_model_invocation_job(jobIdentifier=arn), *ENDED)


def results(cloud: LocalCloud, arn: str, name: str) -> list[dict[str, Any]]:
    key = f"out/{arn.rsplit('/', 1)[-1]}/{name}.out"
    body = client(cloud, "s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return [json.loads(line) for line in body.decode().splitlines()]


def test_records_are_answered_as_converse_answers_them(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    system = [{"text": "be brief"}]
    put(
        cloud, "whole.jsonl", {"messages": say("하나"), "system": system}, {"messages": say("two")},
        {"messages": say("x"), "toolConfig": {"tools": [{"toolSpec": {"name": "t", "inputSchema": {"json": {}}}}]}},
        {"messages": say("bug")}, {"messages": [{"role": "robot", "content": [{"text": "x"}]}]}, "{torn",
    )  # fmt: skip
    tags = [{"key": "run", "value": "r1"}]
    arn = bedrock.create_model_invocation_job(**batch_request(role, "whole", tags=tags))["jobArn"]
    job = ended(bedrock, arn)
    assert job["status"] == "Completed"
    counts = [job[f"{name}RecordCount"] for name in ("total", "processed", "success", "error")]
    assert counts == [6, 6, 2, 4]
    assert (job["jobExpirationTime"] - job["submitTime"]).total_seconds() == 24 * 3600
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == tags

    found = {row["recordId"]: row for row in results(cloud, arn, "whole.jsonl")}
    online = client(cloud, "bedrock-runtime").converse(modelId="local.reader-v1", messages=say("하나"), system=system)
    first = found["r0"]["modelOutput"]
    assert (answer(first), first["usage"], first["stopReason"]) == (
        answer(online), online["usage"], online["stopReason"],
    )  # fmt: skip
    assert found["r0"]["modelInput"] == {"messages": say("하나"), "system": system}
    errors = {record: row["error"] for record, row in found.items() if "error" in row}
    assert {record: error["errorCode"] for record, error in errors.items()} == {
        "r2": 400, "r3": 424, "r4": 400, "CALL0000006": 400,
    }  # fmt: skip
    assert "toolConfig" in errors["r2"]["errorMessage"] and "enum value set" in errors["r4"]["errorMessage"]
    [manifest] = results(cloud, arn, "manifest.json")
    assert (manifest["successRecordCount"], manifest["inputTokenCount"]) == (2, 2)


def test_embeddings_come_from_a_folder_of_files(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    put(cloud, "folder/a.jsonl", {"inputText": "one"}, {"inputText": "three"})
    put(cloud, "folder/sub/b.jsonl", {"inputText": "two words"})
    put(cloud, "folder/c.txt", "not a record")
    where = {"s3InputDataConfig": {"s3Uri": f"s3://{BUCKET}/folder/", "s3InputFormat": "JSONL"}}
    request = batch_request(role, "embed", modelId="local.embed-v1", inputDataConfig=where)
    del request["modelInvocationType"]
    arn = bedrock.create_model_invocation_job(**request)["jobArn"]
    job = ended(bedrock, arn)
    assert (job["status"], job["successRecordCount"], job["modelInvocationType"]) == ("Completed", 3, "InvokeModel")
    [row] = results(cloud, arn, "sub/b.jsonl")
    assert row["modelOutput"] == {"embedding": [1.0, 0.0, 9.0], "inputTextTokenCount": 2}
    assert [row["modelOutput"]["embedding"][2] for row in results(cloud, arn, "a.jsonl")] == [5.0, 3.0]


def test_state_changes_arrive_through_eventbridge(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    sqs, events = client(cloud, "sqs"), client(cloud, "events")
    url = sqs.create_queue(QueueName="batch-states")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    pattern = {"source": ["aws.bedrock"], "detail-type": ["Batch Inference Job State Change"]}
    events.put_rule(Name="batch-states", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="batch-states", Targets=[{"Id": "queue", "Arn": attributes["QueueArn"]}])
    put(cloud, "events.jsonl", *({"messages": say("x")} for _ in range(MINIMUM)))
    arn = bedrock.create_model_invocation_job(**batch_request(role, "events"))["jobArn"]
    states: list[str] = []
    while "Completed" not in states:
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10)
        details = [json.loads(message["Body"])["detail"] for message in received["Messages"]]
        states += [detail["status"] for detail in details if detail["batchJobArn"] == arn]
    assert set(states) <= {"Submitted", "Validating", "Scheduled", "InProgress", "Completed"}
    assert "InProgress" in states


def test_a_repeated_token_finds_the_job_and_a_used_name_is_a_conflict(
    role: str, cloud: LocalCloud, bedrock: Any
) -> None:
    put(cloud, "once.jsonl", *({"messages": say("x")} for _ in range(MINIMUM)))
    request = batch_request(role, "once", clientRequestToken="token1")
    with ThreadPoolExecutor(4) as pool:
        arns = set(pool.map(lambda _: bedrock.create_model_invocation_job(**request)["jobArn"], range(4)))
    assert len(arns) == 1
    with pytest.raises(bedrock.exceptions.ConflictException, match="job name is currently in use"):
        bedrock.create_model_invocation_job(**batch_request(role, "once"))
    assert ended(bedrock, arns.pop())["status"] == "Completed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"modelId": "amazon.nova-lite-v1:0"}, "The provided model identifier is invalid."),
        (
            {"modelId": "arn:aws:bedrock:us-east-1:000000000000:custom-model/local.reader-v1/abcdefghijkl"},
            "does not support batch inference",
        ),
        ({"modelId": "arn:aws:bedrock:us-east-1:000000000000:provisioned-model/abcdefghijkl"}, "regular expression"),
        ({"roleArn": "arn:aws:iam::000000000000:role/nobody"}, "role/nobody: it does not exist"),
        ({"timeoutDurationInHours": 169}, "less than or equal to 168"),
        ({"modelInvocationType": "Chat"}, "enum value set"),
    ],
)
def test_what_no_job_can_be_made_of_is_refused_at_once(
    role: str, bedrock: Any, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(bedrock.exceptions.ValidationException, match=said):
        bedrock.create_model_invocation_job(**batch_request(role, "refused", **change))


def test_a_job_whose_input_is_too_small_or_missing_fails(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    put(cloud, "small.jsonl", {"messages": say("x")})
    small = bedrock.create_model_invocation_job(**batch_request(role, "small"))["jobArn"]
    missing = bedrock.create_model_invocation_job(**batch_request(role, "missing"))["jobArn"]
    nowhere = {"s3InputDataConfig": {"s3Uri": "s3://no-bucket/in.jsonl"}}
    gone = bedrock.create_model_invocation_job(**batch_request(role, "gone", inputDataConfig=nowhere))["jobArn"]
    said = {arn: (job["status"], job["message"]) for arn in (small, missing, gone) for job in [ended(bedrock, arn)]}
    assert said[small] == ("Failed", f"Batch job contains less records (1) than the required minimum of: {MINIMUM}")
    assert said[missing] == ("Failed", f"There is no .jsonl file at s3://{BUCKET}/missing.jsonl")
    assert said[gone] == ("Failed", "s3://no-bucket/in.jsonl does not exist or cannot be read")


def test_a_long_job_lets_online_calls_through_and_is_stopped(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    put(cloud, "long.jsonl", *({"messages": say(f"wait {number}")} for number in range(1000)))
    arn = bedrock.create_model_invocation_job(**batch_request(role, "long"))["jobArn"]
    until(lambda: bedrock.get_model_invocation_job(jobIdentifier=arn), "InProgress")
    runtime = client(cloud, "bedrock-runtime")
    for number in range(5):
        assert answer(runtime.converse(modelId="local.reader-v1", messages=say(f"q{number}")))
    job = bedrock.get_model_invocation_job(jobIdentifier=arn)
    assert job["status"] == "InProgress" and 0 < job["processedRecordCount"] < 1000
    bedrock.stop_model_invocation_job(jobIdentifier=arn)
    job = ended(bedrock, arn)
    assert job["status"] == "Stopped"
    assert len(results(cloud, arn, "long.jsonl")) == job["processedRecordCount"] < 1000
    with pytest.raises(bedrock.exceptions.ConflictException, match="cannot be stopped"):
        bedrock.stop_model_invocation_job(jobIdentifier=arn)


def test_lists_page_and_filter(role: str, cloud: LocalCloud, bedrock: Any) -> None:
    for name in ("list-a", "list-b", "list-c"):
        put(cloud, f"{name}.jsonl", *({"messages": say("x")} for _ in range(MINIMUM)))
        ended(bedrock, bedrock.create_model_invocation_job(**batch_request(role, name))["jobArn"])
    pages = bedrock.get_paginator("list_model_invocation_jobs")
    found = pages.paginate(nameContains="list-", statusEquals="Completed", PaginationConfig={"PageSize": 2})
    assert [job["jobName"] for page in found for job in page["invocationJobSummaries"]] == [
        "list-c",
        "list-b",
        "list-a",
    ]
    failed = bedrock.list_model_invocation_jobs(nameContains="list-", statusEquals="Failed")
    assert failed["invocationJobSummaries"] == []
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException):
        bedrock.get_model_invocation_job(jobIdentifier="abcdefghijkl")


def test_a_job_that_was_running_is_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_ANSWER_S", "60")
    with LocalCloud(state=tmp_path, engine=STUB, batch_minimum=MINIMUM) as cloud:
        role = prepare(cloud)
        put(cloud, "again.jsonl", *({"messages": say(f"wait {number}")} for number in range(MINIMUM)))
        bedrock = client(cloud, "bedrock")
        arn = bedrock.create_model_invocation_job(**batch_request(role, "again"))["jobArn"]
        until(lambda: bedrock.get_model_invocation_job(jobIdentifier=arn), "InProgress")
    monkeypatch.setenv("STUB_ANSWER_S", "0")
    with LocalCloud(state=tmp_path, engine=STUB, batch_minimum=MINIMUM) as cloud:
        job = ended(client(cloud, "bedrock"), arn)
        assert (job["status"], job["successRecordCount"]) == ("Completed", MINIMUM)
        assert len(results(cloud, arn, "again.jsonl")) == MINIMUM
