"""SQS, S3, DynamoDB and the rest pass the local Bedrock untouched, on both bases."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_plus

import pytest

from localcloud.process import LocalCloud
from tests.integration.localcloud_support import STUB, client

pytestmark = pytest.mark.cloud


@pytest.fixture(scope="module", params=["ministack", "moto"])
def cloud(request: pytest.FixtureRequest) -> Iterator[LocalCloud]:
    with LocalCloud(base=request.param, engine=STUB) as running:
        yield running


def queue(sqs: Any, name: str) -> tuple[str, str]:
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def test_large_and_streamed_bodies_come_back_whole(cloud: LocalCloud) -> None:
    s3 = client(cloud, "s3")
    s3.create_bucket(Bucket="large")
    body = bytes(range(256)) * 80_000
    s3.upload_fileobj(io.BytesIO(body), "large", "multipart")
    stream = s3.get_object(Bucket="large", Key="multipart")["Body"]
    assert b"".join(stream.iter_chunks(1 << 20)) == body
    assert s3.get_object(Bucket="large", Key="multipart", Range="bytes=256-511")["Body"].read() == bytes(range(256))


def test_names_and_metadata_survive_as_people_write_them(cloud: LocalCloud) -> None:
    s3 = client(cloud, "s3")
    s3.create_bucket(Bucket="names")
    key = "inbox/telco/한국어 문서 (1)+a&b.md"
    s3.put_object(Bucket="names", Key=key, Body=b"x", Metadata={"source_url": "u", "source-title": "t"})
    assert s3.head_object(Bucket="names", Key=key)["Metadata"] == {"source_url": "u", "source-title": "t"}
    assert s3.head_object(Bucket="names", Key=key)["ContentLength"] == 1
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="names")["Contents"]] == [key]
    assert s3.list_objects_v2(Bucket="names", Prefix="inbox/telco/한")["KeyCount"] == 1


def test_an_object_put_under_the_prefix_becomes_a_message(cloud: LocalCloud) -> None:
    s3, sqs = client(cloud, "s3"), client(cloud, "sqs")
    url, arn = queue(sqs, "inbox")
    s3.create_bucket(Bucket="inbox")
    rules = [{"Name": "prefix", "Value": "inbox/"}]
    configuration = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    s3.put_bucket_notification_configuration(
        Bucket="inbox", NotificationConfiguration={"QueueConfigurations": [configuration]}
    )
    s3.put_object(Bucket="inbox", Key="elsewhere/a", Body=b"x")
    s3.put_object(Bucket="inbox", Key="inbox/a+b 한글.md", Body=b"x")
    keys: list[str] = []
    while not keys:
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10)["Messages"]
        bodies = [json.loads(message["Body"]) for message in received]
        keys += [record["s3"]["object"]["key"] for body in bodies for record in body.get("Records", [])]
    assert [unquote_plus(key) for key in keys] == ["inbox/a+b 한글.md"]


def test_a_transaction_happens_once_or_not_at_all(cloud: LocalCloud) -> None:
    table = client(cloud, "dynamodb")
    table.create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    table.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    assert table.describe_time_to_live(TableName="table")["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
    once = {"TableName": "table", "Item": {"pk": {"S": "item"}}, "ConditionExpression": "attribute_not_exists(pk)"}
    count = {
        "TableName": "table",
        "Key": {"pk": {"S": "count"}},
        "UpdateExpression": "ADD done :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    table.transact_write_items(TransactItems=[{"Put": once}, {"Update": count}])
    with pytest.raises(table.exceptions.TransactionCanceledException) as caught:
        table.transact_write_items(TransactItems=[{"Put": once}, {"Update": count}])
    assert caught.value.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"
    assert table.get_item(TableName="table", Key={"pk": {"S": "count"}})["Item"]["done"] == {"N": "1"}


def test_the_caller_has_an_account(cloud: LocalCloud) -> None:
    assert len(client(cloud, "sts").get_caller_identity()["Account"]) == 12


def test_no_message_is_lost_or_doubled_under_concurrent_receives_and_deletes(cloud: LocalCloud) -> None:
    sqs = client(cloud, "sqs", max_pool_connections=20)
    url, _ = queue(sqs, "busy")
    sent = [f"message-{number}" for number in range(100)]

    def send(start: int) -> None:
        batch = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(sent[start : start + 10])]
        sqs.send_message_batch(QueueUrl=url, Entries=batch)

    def drain(_: int) -> list[str]:
        got: list[str] = []
        while True:
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=5, WaitTimeSeconds=1).get("Messages", [])
            if not found:
                return got
            got += [message["Body"] for message in found]
            handles = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(found)]
            sqs.delete_message_batch(QueueUrl=url, Entries=handles)

    with ThreadPoolExecutor(6) as pool:
        drains = [pool.submit(drain, number) for number in range(4)]
        list(pool.map(send, range(0, 100, 10)))
        received = [body for each in drains for body in each.result()]
    assert sorted(received) == sorted(sent)
