"""The queue on Amazon SQS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.aws import calling
from shared.clock import Clock
from shared.runtime.message import Attribute, Message, Outgoing
from shared.runtime.queue import Outcomes, Refused


@dataclass(frozen=True)
class SqsClients:
    """Three aiobotocore clients with a connection pool each: parked polls must not hold up deletes and heartbeats.

    ``poll`` has the SDK's retries switched off: a retried receive swallows what the lost answer carried.
    """

    poll: Any
    settle: Any
    send: Any


class SqsQueue:
    """One standard queue."""

    def __init__(self, clients: SqsClients, url: str, name: str, clock: Clock) -> None:
        self.name = name
        self.url = url
        self._clients = clients
        self._clock = clock

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        deadline = self._clock.now() + visibility_s
        with self._calling():
            answer = await self._clients.poll.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=limit, WaitTimeSeconds=wait_s, VisibilityTimeout=visibility_s,
                MessageAttributeNames=["All"], MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )  # fmt: skip
        return [_message(entry, deadline) for entry in answer.get("Messages", [])]

    async def delete(self, receipts: Sequence[str]) -> Outcomes:
        entries = [{"Id": str(n), "ReceiptHandle": receipt} for n, receipt in enumerate(receipts)]
        with self._calling():
            answer = await self._clients.settle.delete_message_batch(QueueUrl=self.url, Entries=entries)
        return _outcomes(answer, len(entries))

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        entries = [
            {"Id": str(n), "ReceiptHandle": receipt, "VisibilityTimeout": seconds}
            for n, (receipt, seconds) in enumerate(changes)
        ]
        with self._calling():
            answer = await self._clients.settle.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)
        return _outcomes(answer, len(entries))

    async def send(self, messages: Sequence[Outgoing]) -> Outcomes:
        entries = [_entry(n, message) for n, message in enumerate(messages)]
        with self._calling():
            answer = await self._clients.send.send_message_batch(QueueUrl=self.url, Entries=entries)
        return _outcomes(answer, len(entries))

    def _calling(self) -> Any:
        return calling(f"queue {self.name}")


def _message(entry: Mapping[str, Any], deadline: float) -> Message:
    attributes = {
        name: Attribute(value["StringValue"], value["DataType"])
        for name, value in entry.get("MessageAttributes", {}).items()
        if "StringValue" in value
    }
    return Message(
        id=entry["MessageId"], receipt=entry["ReceiptHandle"], body=entry["Body"], deadline=deadline,
        receive_count=int(entry.get("Attributes", {}).get("ApproximateReceiveCount", 1)), attributes=attributes,
    )  # fmt: skip


def _entry(number: int, message: Outgoing) -> dict[str, Any]:
    attributes = {
        name: {"StringValue": attribute.value, "DataType": attribute.type}
        for name, attribute in message.attributes.items()
    }
    entry = {"Id": str(number), "MessageBody": message.body, "DelaySeconds": message.delay_s}
    return {**entry, "MessageAttributes": attributes} if attributes else entry


def _outcomes(answer: Mapping[str, Any], count: int) -> Outcomes:
    """One outcome per entry. An entry that the answer names nowhere counts as failed: it may not have happened."""
    succeeded = {entry["Id"] for entry in answer.get("Successful", [])}
    failed = {
        entry["Id"]: Refused(entry["Code"], entry.get("Message", ""), bool(entry.get("SenderFault", False)))
        for entry in answer.get("Failed", [])
    }
    unnamed = Refused("Unreported", "the answer does not name this entry", permanent=False)
    return [None if str(n) in succeeded else failed.get(str(n), unnamed) for n in range(count)]
