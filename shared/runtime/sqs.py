"""The queue on Amazon SQS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.aws import calling
from shared.aws_json import JsonClient
from shared.clock import Clock
from shared.observe.trace_header import traceparent_of, xray_of
from shared.observe.tracing import TRACEPARENT
from shared.runtime.billing import billed_units
from shared.runtime.message import MAX_ATTRIBUTES, Attribute, Message, Outgoing, payload_bytes
from shared.runtime.queue import Backlog, Outcomes, Refused

Billed = Callable[[str, int], None]
"""Told of every request once it has ended, failed ones too: the operation and its billed units."""

_ACTIONS = {
    "receive": "ReceiveMessage", "delete": "DeleteMessageBatch", "change_visibility": "ChangeMessageVisibilityBatch",
    "send": "SendMessageBatch", "attributes": "GetQueueAttributes",
}  # fmt: skip
_SYSTEM_ATTRIBUTES = ("ApproximateReceiveCount", "SentTimestamp", "MessageGroupId", "AWSTraceHeader")
_COUNTS = tuple(f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed"))


@dataclass(frozen=True)
class SqsClients:
    """Three clients with a connection pool each: parked polls must not hold up deletes and heartbeats.

    None of them may retry: a retried receive swallows what the lost answer carried, and of the rest each caller knows
    best how long a retry is worth it.
    """

    poll: JsonClient
    settle: JsonClient
    send: JsonClient


class SqsQueue:
    """One standard queue."""

    def __init__(self, clients: SqsClients, url: str, name: str, clock: Clock, billed: Billed | None = None) -> None:
        self.name = name
        self.url = url
        self._clients = clients
        self._clock = clock
        self._billed = billed

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        deadline = self._clock.now() + visibility_s
        asked = {
            "MaxNumberOfMessages": limit, "WaitTimeSeconds": wait_s, "VisibilityTimeout": visibility_s,
            "MessageAttributeNames": ["All"], "MessageSystemAttributeNames": _SYSTEM_ATTRIBUTES,
        }  # fmt: skip
        answer = await self._call(self._clients.poll, "receive", asked)
        return [_message(entry, deadline) for entry in answer.get("Messages", [])]

    async def delete(self, receipts: Sequence[str]) -> Outcomes:
        entries = [{"Id": str(n), "ReceiptHandle": receipt} for n, receipt in enumerate(receipts)]
        return await self._batch(self._clients.settle, "delete", entries)

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        entries = [
            {"Id": str(n), "ReceiptHandle": receipt, "VisibilityTimeout": seconds}
            for n, (receipt, seconds) in enumerate(changes)
        ]
        return await self._batch(self._clients.settle, "change_visibility", entries)

    async def send(self, messages: Sequence[Outgoing]) -> Outcomes:
        entries = [_entry(n, message) for n, message in enumerate(messages)]
        return await self._batch(self._clients.send, "send", entries, sum(message.size for message in messages))

    async def backlog(self) -> Backlog:
        """How many messages there are. Raises as the other operations do."""
        answer = await self._call(self._clients.send, "attributes", {"AttributeNames": _COUNTS})
        visible, in_flight, delayed = (int(answer["Attributes"][name]) for name in _COUNTS)
        return Backlog(visible, in_flight, delayed)

    async def _batch(
        self, client: JsonClient, operation: str, entries: Sequence[Mapping[str, Any]], payload: int = 0
    ) -> Outcomes:
        return _outcomes(await self._call(client, operation, {"Entries": entries}, payload), len(entries))

    async def _call(
        self, client: JsonClient, operation: str, content: Mapping[str, Any], payload: int = 0
    ) -> dict[str, Any]:
        """The answer; ``payload`` is what the request carries of messages, in bytes."""
        answer: dict[str, Any] = {}
        try:
            with calling(f"queue {self.name}"):
                answer = await client.call(_ACTIONS[operation], {"QueueUrl": self.url, **content})
        finally:
            if self._billed is not None:
                received = sum(payload_bytes(entry["Body"], _attributes(entry)) for entry in answer.get("Messages", []))
                self._billed(operation, billed_units(max(payload, received)))
        return answer


def _message(entry: Mapping[str, Any], deadline: float) -> Message:
    attributes, system = _attributes(entry), entry.get("Attributes", {})
    header = system.get("AWSTraceHeader")
    # of a message that has no room for it the trace ends here: a copy of the message must be sendable
    if header and TRACEPARENT not in attributes and len(attributes) < MAX_ATTRIBUTES:
        traceparent = traceparent_of(header)
        attributes.update({} if traceparent is None else {TRACEPARENT: Attribute(traceparent)})
    sent_ms = system.get("SentTimestamp")
    return Message(
        id=entry["MessageId"], receipt=entry["ReceiptHandle"], body=entry["Body"], deadline=deadline,
        receive_count=int(system.get("ApproximateReceiveCount", 1)), attributes=attributes,
        sent_at=None if sent_ms is None else int(sent_ms) / 1000, group=system.get("MessageGroupId"),
    )  # fmt: skip


def _attributes(entry: Mapping[str, Any]) -> dict[str, Attribute]:
    return {
        name: Attribute(value["StringValue"], value["DataType"])
        for name, value in entry.get("MessageAttributes", {}).items()
        if "StringValue" in value
    }


def _entry(number: int, message: Outgoing) -> dict[str, Any]:
    entry: dict[str, Any] = {"Id": str(number), "MessageBody": message.body, "DelaySeconds": message.delay_s}
    if message.attributes:
        entry["MessageAttributes"] = {name: _value(a.value, a.type) for name, a in message.attributes.items()}
    if message.group is not None:
        entry["MessageGroupId"] = message.group
    if TRACEPARENT in message.attributes:
        header = xray_of(message.attributes[TRACEPARENT].value)
        if header is not None:
            entry["MessageSystemAttributes"] = {"AWSTraceHeader": _value(header)}
    return entry


def _value(value: str, type: str = "String") -> dict[str, str]:
    return {"StringValue": value, "DataType": type}


def _outcomes(answer: Mapping[str, Any], count: int) -> Outcomes:
    """One outcome per entry. An entry that the answer names nowhere counts as failed: it may not have happened."""
    succeeded = {entry["Id"] for entry in answer.get("Successful", [])}
    failed = {
        entry["Id"]: Refused(entry["Code"], entry.get("Message", ""), bool(entry.get("SenderFault", False)))
        for entry in answer.get("Failed", [])
    }
    unnamed = Refused("Unreported", "the answer does not name this entry", permanent=False)
    return [None if str(n) in succeeded else failed.get(str(n), unnamed) for n in range(count)]
