from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from shared.errors import Retryable
from shared.runtime.billing import UNIT_BYTES
from shared.runtime.message import Attribute, Outgoing
from shared.runtime.queue import Backlog
from shared.runtime.sqs import SqsClients, SqsQueue
from shared.testing import FakeClock

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
XRAY = "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1"


class Answering:
    """A client that gives the same answer to any call, or raises it, and keeps what it was asked."""

    def __init__(self, answer: Mapping[str, Any] | Exception) -> None:
        self._answer = answer
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    async def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, content))
        if isinstance(self._answer, Exception):
            raise self._answer
        return dict(self._answer)


def queue_on(client: Answering, billed: list[tuple[str, int]] | None = None) -> SqsQueue:
    told = None if billed is None else lambda operation, units: billed.append((operation, units))
    return SqsQueue(SqsClients(client, client, client), "url", "q", FakeClock(), told)


def received(**changes: Any) -> dict[str, Any]:
    return {"Messages": [{"MessageId": "m", "ReceiptHandle": "r", "Body": "b", **changes}]}


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ({"Successful": [{"Id": "0"}, {"Id": "1"}]}, [None, None]),
        ({"Successful": [{"Id": "1"}], "Failed": [{"Id": "0", "Code": "Internal"}]}, ["Internal", None]),
        ({"Successful": [{"Id": "0"}]}, [None, "Unreported"]),
        ({}, ["Unreported", "Unreported"]),
    ],
)
async def test_what_an_answer_does_not_confirm_has_failed(answer: dict[str, Any], codes: list[str | None]) -> None:
    outcomes = await queue_on(Answering(answer)).send([Outgoing("a"), Outgoing("b")])
    assert [None if outcome is None else outcome.code for outcome in outcomes] == codes


async def test_parked_polls_and_sends_use_other_clients_than_what_settles() -> None:
    poll, settle, send = (Answering({"Attributes": dict.fromkeys(COUNTS, "0")}) for _ in range(3))
    queue = SqsQueue(SqsClients(poll, settle, send), "url", "q", FakeClock())
    await queue.receive(10, 20, 30)
    await queue.delete(["r"])
    await queue.change_visibility([("r", 0)])
    await queue.send([Outgoing("a")])
    await queue.backlog()
    assert [[name for name, _ in client.asked] for client in (poll, settle, send)] == [
        ["ReceiveMessage"], ["DeleteMessageBatch", "ChangeMessageVisibilityBatch"],
        ["SendMessageBatch", "GetQueueAttributes"],
    ]  # fmt: skip


COUNTS = tuple(f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed"))


async def test_the_backlog_is_what_waits_what_is_worked_on_and_what_is_not_due_yet() -> None:
    client = Answering({"Attributes": dict(zip(COUNTS, ("3", "2", "1"), strict=True))})
    assert await queue_on(client).backlog() == Backlog(visible=3, in_flight=2, delayed=1)


async def test_a_message_knows_when_it_was_sent_whose_it_is_and_how_often_it_came() -> None:
    system = {"ApproximateReceiveCount": "3", "SentTimestamp": "1764000000250", "MessageGroupId": "corpus-a"}
    client = Answering(received(Attributes=system))
    (message,) = await queue_on(client).receive(10, 20, 30)
    assert (message.receive_count, message.sent_at, message.group) == (3, 1_764_000_000.25, "corpus-a")
    asked = client.asked[0][1]["MessageSystemAttributeNames"]
    assert set(asked) == {"ApproximateReceiveCount", "SentTimestamp", "MessageGroupId", "AWSTraceHeader"}


async def test_a_message_of_a_queue_that_says_nothing_about_it_has_the_defaults() -> None:
    (message,) = await queue_on(Answering(received())).receive(10, 20, 30)
    assert (message.receive_count, message.sent_at, message.group, message.attributes) == (1, None, None, {})


def text(value: str) -> dict[str, str]:
    return {"StringValue": value, "DataType": "String"}


@pytest.mark.parametrize(
    ("attributes", "header", "traceparent"),
    [
        ({}, XRAY, TRACEPARENT),
        ({"traceparent": text("its own")}, XRAY, "its own"),
        ({}, "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736", None),
        ({}, None, None),
        ({f"a{n}": text("v") for n in range(10)}, XRAY, None),
        ({"picture": {"BinaryValue": "AA==", "DataType": "Binary"}}, XRAY, TRACEPARENT),
    ],
)
async def test_a_trace_that_only_aws_carries_is_carried_on(
    attributes: dict[str, Any], header: str | None, traceparent: str | None
) -> None:
    system = {} if header is None else {"AWSTraceHeader": header}
    client = Answering(received(MessageAttributes=attributes, Attributes=system))
    (message,) = await queue_on(client).receive(10, 20, 30)
    found = message.attributes.get("traceparent")
    assert (None if found is None else found.value) == traceparent


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        (Outgoing("b", delay_s=7), {"DelaySeconds": 7}),
        (Outgoing("b", group="g"), {"MessageGroupId": "g"}),
        (
            Outgoing("b", {"n": Attribute("1", "Number")}),
            {"MessageAttributes": {"n": {"StringValue": "1", "DataType": "Number"}}},
        ),
        (
            Outgoing("b", {"traceparent": Attribute(TRACEPARENT)}),
            {
                "MessageAttributes": {"traceparent": text(TRACEPARENT)},
                "MessageSystemAttributes": {"AWSTraceHeader": text(XRAY)},
            },
        ),
        (Outgoing("b", {"traceparent": Attribute("junk")}), {"MessageAttributes": {"traceparent": text("junk")}}),
    ],
)  # fmt: skip
async def test_an_entry_says_what_the_message_says_and_no_more(message: Outgoing, entry: dict[str, Any]) -> None:
    client = Answering({})
    await queue_on(client).send([message])
    asked = {"QueueUrl": "url", "Entries": [{"Id": "0", "MessageBody": "b", "DelaySeconds": 0, **entry}]}
    assert client.asked == [("SendMessageBatch", asked)]


async def test_every_request_is_billed_by_the_payload_that_it_carries_either_way() -> None:
    billed: list[tuple[str, int]] = []
    big = "x" * (UNIT_BYTES - 5)  # with the attribute a, String, 한: six bytes too many
    attributes = {"a": {"StringValue": "한", "DataType": "String"}}
    await queue_on(Answering(received(Body=big, MessageAttributes=attributes)), billed).receive(10, 20, 30)
    await queue_on(Answering(received()), billed).receive(10, 20, 30)
    queue = queue_on(Answering({"Attributes": dict.fromkeys(COUNTS, "0")}), billed)
    await queue.send([Outgoing("x" * UNIT_BYTES)])
    await queue.send([Outgoing("x" * UNIT_BYTES), Outgoing("y")])
    await queue.delete(["r" * UNIT_BYTES * 2])
    await queue.change_visibility([("r", 1)])
    await queue.backlog()
    assert billed == [
        ("receive", 2), ("receive", 1), ("send", 1), ("send", 2), ("delete", 1), ("change_visibility", 1),
        ("attributes", 1),
    ]  # fmt: skip


async def test_a_request_that_fails_is_billed_too() -> None:
    billed: list[tuple[str, int]] = []
    answer: Any = {"Error": {"Code": "InternalError"}, "ResponseMetadata": {"HTTPStatusCode": 500}}
    with pytest.raises(Retryable, match="queue q"):
        await queue_on(Answering(ClientError(answer, "SendMessageBatch")), billed).send(
            [Outgoing("x" * UNIT_BYTES * 2)]
        )
    assert billed == [("send", 2)]


async def test_every_request_is_one_that_the_services_own_model_describes() -> None:
    client = Answering({"Attributes": dict.fromkeys(COUNTS, "0")})
    queue = queue_on(client)
    full = Outgoing("b", {"traceparent": Attribute(TRACEPARENT), "n": Attribute("1", "Number")}, delay_s=3, group="g")
    await queue.receive(10, 20, 30)
    await queue.delete(["r"])
    await queue.change_visibility([("r", 30)])
    await queue.send([full, Outgoing("plain")])
    await queue.backlog()
    session: Any = botocore.session.get_session()
    model, validator = session.get_service_model("sqs"), ParamValidator()
    assert len(client.asked) == 5
    for operation, content in client.asked:
        report = validator.validate(content, model.operation_model(operation).input_shape)
        assert not report.has_errors(), report.generate_report()
