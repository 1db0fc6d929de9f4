"""Claim checks are those of AWS's extended clients: Amazon's own reads ours, and we read its."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqs_extended_client import SQSExtendedClientSession

from schemas.envelope import Envelope
from schemas.events import DocumentSubmitted
from shared.runtime.claimcheck import SIZE_ATTRIBUTES, THRESHOLD, checked_out
from shared.runtime.connection import Connection
from shared.runtime.publish import publish
from shared.settings import Settings
from shared.topology import Topology

pytestmark = pytest.mark.cloud

BIG = "한" * THRESHOLD


@pytest.fixture
def theirs(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Amazon's client; it makes its S3 client by itself, from the environment."""
    settings = connection.settings
    monkeypatch.setenv("AWS_ENDPOINT_URL", settings.endpoint or "")
    monkeypatch.setenv("AWS_DEFAULT_REGION", settings.region)
    client = SQSExtendedClientSession().client("sqs")
    client.large_payload_support = connection.objects.bucket
    return client


async def test_a_big_event_of_ours_is_read_by_amazons_client(
    connection: Connection, settings: Settings, topology: Topology, theirs: Any
) -> None:
    event = DocumentSubmitted(corpus="telco", bucket="b", key=BIG)
    await publish(connection, topology, [event], source="test")
    queue = await connection.queue(settings.queue("doc-ingest"))
    found = theirs.receive_message(QueueUrl=queue.url, WaitTimeSeconds=5, MaxNumberOfMessages=10)
    (message,) = [one for one in found["Messages"] if "s3:TestEvent" not in one["Body"]]
    assert Envelope.model_validate_json(message["Body"]).event() == event


@pytest.mark.parametrize("legacy", [False, True])
async def test_a_big_message_of_amazons_client_is_read_by_us(
    connection: Connection, settings: Settings, theirs: Any, legacy: bool
) -> None:
    queue = await connection.queue(settings.queue("scorer"))
    theirs.use_legacy_attribute = legacy
    theirs.send_message(QueueUrl=queue.url, MessageBody=BIG)
    (message,) = await queue.receive(1, 5, 30)
    assert SIZE_ATTRIBUTES[legacy] in message.attributes and json.loads(message.body)[1]["s3Key"]
    assert await checked_out(message, connection.objects) == BIG
