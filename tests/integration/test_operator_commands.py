from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result

from cli.main import groundtune
from schemas.artifacts import Failure
from schemas.envelope import Envelope
from schemas.event import Event
from schemas.events import ComparisonDue, DocumentSubmitted, PredictionsReady
from schemas.state import ArmRecord, RunRecord, RunStatus
from shared.provision import provision
from shared.runs import score_item, scores_group
from shared.runtime.connection import connect
from shared.settings import Settings
from shared.store import keys
from shared.topology import Topology

pytestmark = pytest.mark.cloud


@pytest.fixture
def provisioned(settings: Settings, topology: Topology, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A provisioned cloud that the command finds by its environment."""
    assert settings.endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", settings.endpoint)
    monkeypatch.setenv("AWS_REGION", settings.region)
    monkeypatch.setenv("GROUNDTUNE_NAME", settings.name)
    monkeypatch.setenv("COLUMNS", "300")
    asyncio.run(provision(settings, topology))
    return settings


@pytest.fixture
def sqs(provisioned: Settings) -> Any:
    client = boto3.client("sqs", region_name=provisioned.region, endpoint_url=provisioned.endpoint)
    yield client
    client.close()


def call(*arguments: str, code: int = 0, input: str | None = None) -> Result:
    result = CliRunner().invoke(groundtune, arguments, input=input)
    assert result.exit_code == code, result.output
    return result


def send(sqs: Any, queue: str, body: str, **attributes: str) -> None:
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    given = {f"groundtune.{name}": {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=given)


def receive(sqs: Any, queue: str) -> list[Any]:
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    messages: list[Any] = answer.get("Messages", [])
    return messages


def envelope(id: str, run: str, event: Event | None = None) -> str:
    event = event or ComparisonDue(run=run)
    wrapped = Envelope.wrap(event, id=id, source="/groundtune/inference", time=datetime.now(UTC))
    return wrapped.model_dump_json()


def test_provision_says_what_it_did_and_then_that_nothing_changed(provisioned: Settings) -> None:
    result = call("provision")
    assert result.output.splitlines()[-1] == "nothing changed"
    assert provisioned.queue("scorer") in result.output


def test_destroy_asks_first_and_refuses_a_bucket_that_holds_something(provisioned: Settings) -> None:
    assert "Delete everything" in call("destroy", input="n\n", code=1).output
    s3 = boto3.client("s3", region_name=provisioned.region, endpoint_url=provisioned.endpoint)
    [bucket] = [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(provisioned.name)]
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    s3.close()
    assert f"bucket {bucket} is not empty" in call("destroy", "--yes", code=2).stderr
    assert call("destroy", "--yes", "--force").output.splitlines()[-1] == "16 deleted"
    assert call("destroy", "--yes").output.splitlines()[-1] == "nothing changed"


def test_queues_counts_what_waits_and_what_is_dead(provisioned: Settings, sqs: Any) -> None:
    send(sqs, provisioned.queue("scorer"), envelope("e1", "r1"))
    send(sqs, provisioned.queue("scorer"), envelope("e2", "r1"))
    send(sqs, provisioned.dead_letter_queue("inference"), "junk")
    counts = {count["worker"]: count for count in json.loads(call("queues", "--json").stdout)}
    assert counts["scorer"] == {"worker": "scorer", "waiting": 2, "in_flight": 0, "delayed": 0, "dead": 0}
    assert counts["inference"]["dead"] == 1
    assert "dead letters" in call("queues").output


def test_a_missing_queue_is_named_with_the_remedy(provisioned: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDTUNE_NAME", "nobody")
    for arguments in (["queues"], ["dlq", "list"], ["fleet", "up"], ["worker", "inference"]):
        assert "run `groundtune provision`" in call(*arguments, code=2).stderr


def test_dead_letters_are_listed_and_shown_without_being_taken_away(provisioned: Settings, sqs: Any) -> None:
    graveyard = provisioned.dead_letter_queue("scorer")
    send(sqs, graveyard, envelope("e1", "r1"), reason="no such arm", attempts="4")
    send(sqs, graveyard, "not JSON")
    rows = {row["type"]: row for row in json.loads(call("dlq", "list", "--json").stdout)}
    died = rows["groundtune.comparison.due.v1"]
    expected = {"id": "e1", "worker": "scorer", "run": "r1", "attempts": 4, "reason": "no such arm"}
    assert {key: died[key] for key in expected} == expected
    assert "moved here by SQS" in rows["?"]["reason"]
    shown = json.loads(call("dlq", "show", "e1").stdout)
    assert shown["body"]["data"] == {"run": "r1", "revision": 0, "judged": False}
    assert json.loads(call("dlq", "show", rows["?"]["id"]).stdout)["body"] == "not JSON"
    assert "no such arm" in call("dlq", "list", "scorer").output
    assert call("dlq", "list", "inference").output == "no dead letters\n"


def test_dead_letters_of_one_bug_are_one_line_by_cause(provisioned: Settings, sqs: Any) -> None:
    graveyard = provisioned.dead_letter_queue("scorer")
    for n in range(3):
        bug = {"reason": f"ValueError: {n}", "attempts": "4", "stack-hash": "0123456789ab"}
        send(sqs, graveyard, envelope(f"e{n}", "r1"), **bug)
    send(sqs, graveyard, "not JSON")
    rows = json.loads(call("dlq", "list", "--json").stdout)
    assert sorted(row["stack_hash"] or "" for row in rows) == ["", *["0123456789ab"] * 3]
    assert json.loads(call("dlq", "show", "e1").stdout)["stack_hash"] == "0123456789ab"
    first, second = json.loads(call("dlq", "list", "--by-cause", "--json").stdout)
    assert (first["count"], first["stack_hash"], first["example"][0]) == (3, "0123456789ab", "e")
    assert (second["count"], second["stack_hash"]) == (1, None)
    assert "0123456789ab" in call("dlq", "list").output
    assert call("dlq", "list", "--by-cause").output.splitlines()[1].startswith("3")


def test_an_id_that_no_dead_letter_has_is_said_so(provisioned: Settings) -> None:
    assert "no dead letter has the id 'e9'" in call("dlq", "show", "e9", code=2).stderr
    assert "did you mean 'scorer'" in call("dlq", "list", "scorrer", code=2).stderr


def test_a_redriven_message_returns_to_its_queue_and_its_record_is_forgotten(provisioned: Settings, sqs: Any) -> None:
    graveyard = provisioned.dead_letter_queue("scorer")
    for id in ("e1", "e2"):
        send(sqs, graveyard, envelope(id, "r1"), reason="no such arm", attempts="4", other="stays")
        asyncio.run(_claim(provisioned, id))
    assert "1 sent back" in call("dlq", "redrive", "--id", "e1").output
    [message] = receive(sqs, provisioned.queue("scorer"))
    assert json.loads(message["Body"])["id"] == "e1"
    assert list(message["MessageAttributes"]) == ["groundtune.other"]
    assert [row["id"] for row in json.loads(call("dlq", "list", "--json").stdout)] == ["e2"]
    assert asyncio.run(_record(provisioned, "e1")) is None
    assert asyncio.run(_record(provisioned, "e2")) is not None
    assert "1 sent back" in call("dlq", "redrive", "scorer").output
    assert call("dlq", "list").output == "no dead letters\n"


def test_redrive_takes_no_more_than_the_limit(provisioned: Settings, sqs: Any) -> None:
    for number in range(12):
        send(sqs, provisioned.dead_letter_queue("inference"), envelope(f"e{number}", "r1"))
    assert "11 sent back" in call("dlq", "redrive", "inference", "--limit", "11").output
    assert len(json.loads(call("dlq", "list", "--json").stdout)) == 1


async def _claim(settings: Settings, id: str) -> None:
    async with connect(settings) as connection:
        await connection.idempotency.claim(id, "scorer", "hash", "owner", 60)


async def _record(settings: Settings, id: str) -> Any:
    async with connect(settings) as connection:
        return await connection.table.get(f"event#scorer#{id}", "claim")


async def _ended_run(settings: Settings, counted: str) -> None:
    """A run of one arm with one shard, ended with its scoring given up as event ``counted``."""
    async with connect(settings) as connection:
        services, arm = connection.services, ArmRecord(run="r1", arm="a", name="A", status="predicted")
        await services.runs.create(RunRecord(run="r1", name="n", corpus="c", created=1, updated=1))
        await services.runs.put_arm(arm)
        await services.fanin.expect(scores_group("r1"), 1)
        await services.runs.advance("r1", "running", shards=1, arms=["a"])
        await services.artifacts.write_lines(keys.run("r1", "evaluation.jsonl"), [])
        await services.runs.add_failure("r1", Failure(stage="scorer", item="A/shard 0", code="not_scored", message="m"))
        await services.fanin.record(scores_group("r1"), score_item("a", 0), "failed")
        await connection.idempotency.claim(counted, "scorer", "hash", "owner", 60)
        await connection.idempotency.fail(counted, "scorer", "owner", "a bug", [])


async def _advance(settings: Settings, status: RunStatus) -> None:
    async with connect(settings) as connection:
        await connection.services.runs.advance("r1", status)


async def _run_and_failures(settings: Settings) -> tuple[RunRecord | None, list[Failure]]:
    async with connect(settings) as connection:
        return await connection.services.runs.get("r1"), await connection.services.runs.failures("r1")


def test_a_dead_letter_waits_for_its_run_to_end_and_then_revises_it(provisioned: Settings, sqs: Any) -> None:
    event = PredictionsReady(run="r1", arm="a", shard=0)
    send(sqs, provisioned.dead_letter_queue("scorer"), envelope("e1", "r1", event), reason="a bug")
    asyncio.run(_ended_run(provisioned, "e1"))
    waiting = call("dlq", "redrive").output
    assert "run r1 is still at work" in waiting and "0 sent back" in waiting
    asyncio.run(_advance(provisioned, "completed_with_failures"))
    output = call("dlq", "redrive").output
    assert "run r1: 1 failed taken back, revision 1 makes its report again" in output and "1 sent back" in output
    record, failures = asyncio.run(_run_and_failures(provisioned))
    assert record is not None and (record.status, record.revision, failures) == ("running", 1, [])
    [message] = receive(sqs, provisioned.queue("scorer"))
    assert json.loads(message["Body"])["data"] == {"run": "r1", "revision": 1, "arm": "a", "shard": 0}
    assert call("dlq", "list").output == "no dead letters\n"


def test_a_cancelled_run_is_not_revised_and_its_dead_letter_stays(provisioned: Settings, sqs: Any) -> None:
    event = PredictionsReady(run="r1", arm="a", shard=0)
    send(sqs, provisioned.dead_letter_queue("scorer"), envelope("e1", "r1", event), reason="a bug")
    asyncio.run(_ended_run(provisioned, "e1"))
    asyncio.run(_advance(provisioned, "cancelled"))
    output = call("dlq", "redrive").output
    assert "run r1 (cancelled) cannot be revised" in output and "0 sent back" in output
    assert len(json.loads(call("dlq", "list", "--json").stdout)) == 1


def test_what_a_redriven_document_changes_is_said(provisioned: Settings, sqs: Any) -> None:
    event = DocumentSubmitted(corpus="telco", bucket="b", key="inbox/telco/a.md")
    send(sqs, provisioned.dead_letter_queue("doc-ingest"), envelope("e1", "", event), reason="a bug")
    output = call("dlq", "redrive").output
    assert "corpus telco: what was sent back enters runs that still wait for it" in output and "1 sent back" in output


def test_the_policy_of_a_worker_names_what_is_the_accounts_own(provisioned: Settings) -> None:
    said = json.loads(call("policy", "finetune-launcher").stdout)
    actions = {action: each for each in said["Statement"] for action in each["Action"]}
    assert actions["iam:PassRole"]["Resource"][0].endswith(f":role/{provisioned.bedrock_role}")
    assert actions["sqs:ReceiveMessage"]["Resource"][0].endswith(f":{provisioned.queue('finetune-launcher')}")
    assert "no worker is named 'finetune'" in call("policy", "finetune", code=2).output
