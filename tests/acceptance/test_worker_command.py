"""`groundtune worker` set up wrongly, as an operator meets it: one message, exit code 2, and nothing received."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.terminal import Outcome, Terminal, wait_for
from tests.scripted_cloud import ACCOUNT, Answer, Page, Refusal, ScriptedCloud, scripted_cloud

WORKER = "inference"
"""The quickest to import."""
QUEUE = f"groundtune-{WORKER}"
SETTINGS = {"GROUNDTUNE_WAIT_S": "1", "GROUNDTUNE_GRACE_S": "5", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture
def cloud() -> Iterator[ScriptedCloud]:
    with scripted_cloud() as cloud:
        yield cloud


@pytest.fixture
def terminal(cloud: ScriptedCloud, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal that talks to the scripted cloud, with nothing of this machine's own credentials."""
    with Terminal(tmp_path, {**SETTINGS, **cloud.environ, "HOME": str(tmp_path)}) as terminal:
        yield terminal
        terminal.assert_nothing_runs()


def denied(action: str, resource: str) -> Refusal:
    """As AWS words it."""
    who = f"arn:aws:iam::{ACCOUNT}:user/worker"
    message = f"User: {who} is not authorized to perform: {action} on resource: {resource}"
    return Refusal("AccessDeniedException", message, 403, query_code="AccessDenied")


@dataclass(frozen=True)
class Mistake:
    """``told``: answers by operation; ``environ``: changed variables; ``words``: what the message must hold."""

    words: tuple[str, ...]
    told: dict[str, Answer] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)


INVALID = Refusal("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
EXPIRED = Refusal("ExpiredToken", "The security token included in the request is expired", 403)
NO_QUEUE = Refusal(
    "QueueDoesNotExist", "The specified queue does not exist.", query_code="AWS.SimpleQueueService.NonExistentQueue"
)
NO_TABLE = Refusal("ResourceNotFoundException", "Requested resource not found")
NO_BUCKET = Refusal("NoSuchBucket", "The specified bucket does not exist", 404)
BUCKET = f"groundtune-{ACCOUNT}-us-east-1"
NO_KEYS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}

MISTAKES = {
    "no credentials": Mistake(("no AWS credentials for @", "AWS_ACCESS_KEY_ID=test"), environ=NO_KEYS),
    "a profile that is not there": Mistake(("@", "profile (nobody)"), environ={"AWS_PROFILE": "nobody"}),
    "an invalid key": Mistake(
        ("@ (region us-east-1) answered GetCallerIdentity", "InvalidClientTokenId", "check AWS_ACCESS_KEY_ID"),
        {"sts:GetCallerIdentity": INVALID},
    ),
    "expired credentials": Mistake(
        ("@", "ExpiredToken: The security token included in the request is expired", "renew them"),
        {"sts:GetCallerIdentity": EXPIRED},
    ),
    "a region without the queue": Mistake(
        ("queue groundtune-", "does not exist at @ (region eu-west-3)", "groundtune provision", "AWS_REGION"),
        {"sqs:GetQueueUrl": NO_QUEUE}, {"AWS_REGION": "eu-west-3"},
    ),
    "a region that is none": Mistake(("'US East'",), environ={"AWS_REGION": "US East"}),
    "no permission to find the queue": Mistake(
        ("queue groundtune-", "@", "not authorized to perform: sqs:getqueueurl", "allow it"),
        {"sqs:GetQueueUrl": denied("sqs:getqueueurl", QUEUE)},
    ),
    "no table": Mistake(
        ("@ (region us-east-1): table groundtune does not exist", "groundtune provision"),
        {"dynamodb:GetItem": NO_TABLE},
    ),
    "no permission on the table": Mistake(
        ("@", "table groundtune: GetItem was refused", "dynamodb:GetItem", "allow it"),
        {"dynamodb:GetItem": denied("dynamodb:GetItem", "table/groundtune")},
    ),
    "no bucket": Mistake(
        ("@", f"bucket {BUCKET} does not exist", "groundtune provision"), {"s3:ListObjectsV2": NO_BUCKET}
    ),
    "no permission on the bucket": Mistake(
        ("@", f"bucket {BUCKET}: ListObjectsV2 was refused", "s3:ListBucket", "allow it"),
        {"s3:ListObjectsV2": Refusal("AccessDenied", "not authorized to perform: s3:ListBucket", 403)},
    ),
    "an endpoint that is no AWS": Mistake(
        ("@", "does not answer as AWS does", "correct AWS_ENDPOINT_URL"),
        {"sts:GetCallerIdentity": Page("<!doctype html><p>Welcome<br>", 404)},
    ),
    "an endpoint that speaks XML": Mistake(
        ("@", "does not answer as AWS does", "correct AWS_ENDPOINT_URL"), {"sts:GetCallerIdentity": Page("<html/>")}
    ),
    "an endpoint that is no URL": Mistake(
        ("AWS_ENDPOINT_URL is 'localhost:4566'", "http://127.0.0.1:4566"),
        environ={"AWS_ENDPOINT_URL": "localhost:4566"},
    ),
    "negative grace": Mistake(("GROUNDTUNE_GRACE_S is '-1'", "0 to 43200"), environ={"GROUNDTUNE_GRACE_S": "-1"}),
    "a wait that SQS refuses": Mistake(("GROUNDTUNE_WAIT_S is '21'", "1 to 20"), environ={"GROUNDTUNE_WAIT_S": "21"}),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_worker_that_is_set_up_wrongly_says_so_and_receives_nothing(
    name: str, cloud: ScriptedCloud, terminal: Terminal
) -> None:
    mistake = MISTAKES[name]
    for operation, answer in mistake.told.items():
        cloud.tell(operation, answer)
    changed = {**terminal.environ, **mistake.environ}
    terminal.environ = {variable: value for variable, value in changed.items() if value}
    assert_said(terminal.call("worker", WORKER, code=2), cloud, mistake.words)


def test_a_metrics_port_that_is_taken_is_named(cloud: ScriptedCloud, terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        terminal.environ["GROUNDTUNE_METRICS_PORT"] = port
        outcome = terminal.call("worker", WORKER, code=2)
    assert_said(outcome, cloud, (f"GROUNDTUNE_METRICS_PORT is {port}", "in use", "choose another"))


def assert_said(outcome: Outcome, cloud: ScriptedCloud, words: tuple[str, ...]) -> None:
    """One message and nothing else; ``@`` in the words stands for the endpoint."""
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("Error: ") and outcome.stdout == ""
    expected = [word.replace("@", cloud.endpoint) for word in words]
    assert [word for word in expected if word not in line] == [], line
    assert "sqs:ReceiveMessage" not in cloud.asked


def logged(stderr: str) -> list[dict[str, Any]]:
    """The log's records."""
    return [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]


def actions(stderr: str) -> list[str]:
    return [record["action"] for record in logged(stderr)]


def test_a_worker_that_may_not_receive_ends_at_its_first_receive(cloud: ScriptedCloud, terminal: Terminal) -> None:
    cloud.tell("sqs:ReceiveMessage", denied("sqs:receivemessage", QUEUE))
    outcome = terminal.call("worker", WORKER, code=2)
    assert cloud.asked.count("sqs:ReceiveMessage") == 1
    (message,) = re.findall("^Error: .*$", outcome.stderr, re.MULTILINE)
    assert f"queue {QUEUE}: ReceiveMessage was refused" in message
    assert "not authorized to perform: sqs:receivemessage" in message and "allow it" in message
    (record,) = [record for record in logged(outcome.stderr) if record["level"] == "error"]
    assert record["action"] == "receive.given_up" and "sqs:receivemessage" in record["error"]


def test_a_worker_whose_credentials_expire_finishes_what_it_has_and_ends(
    cloud: ScriptedCloud, terminal: Terminal
) -> None:
    garbage = {"MessageId": "m-1", "ReceiptHandle": "r-1", "Body": "no JSON"}
    expired = Refusal("ExpiredTokenException", EXPIRED.message, 403, query_code="ExpiredToken")
    cloud.tell("sqs:ReceiveMessage", {"Messages": [garbage]}, {}, expired)
    outcome = terminal.call("worker", WORKER, code=2)
    assert cloud.asked.count("sqs:SendMessageBatch") == cloud.asked.count("sqs:DeleteMessageBatch") == 1
    (message,) = re.findall("^Error: .*$", outcome.stderr, re.MULTILINE)
    assert f"queue {QUEUE}" in message and "ExpiredToken" in message and "renew them" in message
    assert actions(outcome.stderr) == [
        "worker.started", "message.poison", "receive.given_up", "worker.draining", "worker.drained",
    ]  # fmt: skip


def test_a_worker_that_is_set_up_rightly_polls_until_it_is_asked_to_stop(
    cloud: ScriptedCloud, terminal: Terminal
) -> None:
    worker = terminal.start("worker", WORKER)
    wait_for(lambda: cloud.asked.count("sqs:ReceiveMessage") > 2, every_s=0.05)
    worker.send_signal(signal.SIGTERM)
    outcome = terminal.finish(worker)
    assert actions(outcome.stderr) == ["worker.started", "worker.draining", "worker.drained"]
