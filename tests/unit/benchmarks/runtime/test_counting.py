from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from benchmarks.runtime.counting import Call, Counts, billed, price_class, read

KIB = 1024
URL = "http://127.0.0.1:1/000000000000/work"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def json_call(target: str, content: object) -> Call:
    return read("POST", "/", {"x-amz-target": target}, json.dumps(content).encode())


@pytest.mark.parametrize(
    ("target", "content", "expected"),
    [
        ("AmazonSQS.ReceiveMessage", {"QueueUrl": URL}, Call("sqs", "ReceiveMessage", "work")),
        ("AmazonSQS.DeleteMessageBatch", {"QueueUrl": URL, "Entries": [1, 2, 3]},
         Call("sqs", "DeleteMessageBatch", "work", 3)),
        ("AmazonSQS.GetQueueUrl", {"QueueName": "work"}, Call("sqs", "GetQueueUrl")),
        ("DynamoDB_20120810.PutItem", {"TableName": "t"}, Call("dynamodb", "PutItem")),
        ("DynamoDB_20120810.TransactWriteItems", {"TransactItems": [1, 2]},
         Call("dynamodb", "TransactWriteItems", "", 2)),
    ],
)  # fmt: skip
def test_a_json_request_says_its_service_action_queue_and_entries(target: str, content: object, expected: Call) -> None:
    assert json_call(target, content) == expected


def test_a_query_request_is_read_from_its_form() -> None:
    form = {"Action": "DeleteMessageBatch", "DeleteMessageBatchRequestEntry.1.Id": "a",
            "DeleteMessageBatchRequestEntry.2.Id": "b"}  # fmt: skip
    call = read("POST", "/000000000000/work", FORM, urlencode(form).encode())
    assert call == Call("sqs", "DeleteMessageBatch", "work", 2)
    identity = read("POST", "/", FORM, b"Action=GetCallerIdentity&Version=2011-06-15")
    assert identity.service == "sts" and price_class(identity.service, identity.action) is None


def test_what_names_no_action_is_s3() -> None:
    assert read("PUT", "/bucket/key", {}, b"x") == Call("s3", "PUT")
    assert (price_class("s3", "PUT"), price_class("s3", "GET")) == ("s3 write", "s3 read")


@pytest.mark.parametrize(
    ("action", "sent", "answered", "units"),
    [
        ("ReceiveMessage", 100, 0, 1),
        ("ReceiveMessage", 100, 64 * KIB, 1),
        ("ReceiveMessage", 100, 64 * KIB + 1, 2),
        ("SendMessageBatch", 200 * KIB, 500, 4),
    ],
)
def test_sqs_bills_chunks_of_64_kib_of_the_larger_payload(action: str, sent: int, answered: int, units: int) -> None:
    assert billed(Call("sqs", action), sent, answered) == units


@pytest.mark.parametrize(
    ("call", "sent", "answered", "consistent", "units"),
    [
        (Call("dynamodb", "PutItem"), 900, 2, True, 1),
        (Call("dynamodb", "UpdateItem"), 1025, 2, True, 2),
        (Call("dynamodb", "GetItem"), 90, 4097, True, 2),
        (Call("dynamodb", "GetItem"), 90, 4096, False, 0.5),
        (Call("dynamodb", "TransactWriteItems", entries=2), 800, 2, True, 4),
    ],
)
def test_dynamodb_bills_units_of_1_and_4_kb_and_transactions_twice(
    call: Call, sent: int, answered: int, consistent: bool, units: float
) -> None:
    assert billed(call, sent, answered, consistent=consistent) == units


def test_counts_of_a_phase_are_the_difference_and_survive_json() -> None:
    counts = Counts.none()
    counts.add(Call("sqs", "ReceiveMessage", "work"), 1)
    before = Counts.from_json(json.loads(json.dumps(counts.to_json())))
    counts.add(Call("sqs", "ReceiveMessage", "work"), 2)
    counts.add(Call("sqs", "DeleteMessageBatch", "work", 10), 1)
    counts.add(Call("sqs", "SendMessage", "next"), 1)
    phase = Counts.from_json(json.loads(json.dumps(counts.to_json()))).since(before)
    assert phase.units("sqs") == 4 and phase.units("sqs", queue="work") == 3
    assert phase.units("sqs", ["DeleteMessageBatch"]) == 1
    assert (phase.deleted("work"), phase.sent("next"), phase.sent("work")) == (10, 1, 0)
