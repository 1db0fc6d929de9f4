"""What a request to the local cloud is: service, action, queue, and the billed units that AWS would count for it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

CHUNK = 64 * 1024
"""Bytes of payload in one billed SQS request (SQS pricing page)."""
WRITE_UNIT, READ_UNIT = 1024, 4096
"""Bytes of an item in one DynamoDB write and read request unit (DynamoDB pricing page, on-demand)."""

_WRITES = {"PutItem", "UpdateItem", "DeleteItem"}
_READS = {"GetItem", "Query", "Scan"}
_S3_WRITES = {"PUT", "POST", "LIST"}

Headers = Mapping[str, str]
"""Names in lower case."""


@dataclass(frozen=True)
class Call:
    """One request. ``queue`` is the queue's name, empty where there is none; ``entries`` those of a batch, else 1."""

    service: str
    action: str
    queue: str = ""
    entries: int = 1


def read(method: str, path: str, headers: Headers, body: bytes) -> Call:
    """The call that a request makes: AWS's JSON protocol, its query protocol, or S3's REST."""
    target = headers.get("x-amz-target", "")
    if target:
        return _from_json(target, body)
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return _from_query(dict(parse_qsl(body.decode())), path)
    return Call("s3", method)


def billed(call: Call, sent: int, answered: int, *, consistent: bool = True) -> float:
    """Billed units of a call with payloads of ``sent`` and ``answered`` bytes.

    SQS: 64 KiB chunks. DynamoDB: write units of 1 KB, read units of 4 KB (strongly consistent: one each, else a half).
    The request body stands for the item: it is the larger by its own names. S3 and the rest: one a call.
    """
    if call.service == "sqs":
        return max(1, math.ceil(max(sent, answered) / CHUNK))
    if call.service == "dynamodb" and call.action in _WRITES:
        return max(1, math.ceil(sent / WRITE_UNIT))
    if call.service == "dynamodb" and call.action == "TransactWriteItems":
        return 2 * max(call.entries, math.ceil(sent / WRITE_UNIT))
    if call.service == "dynamodb" and call.action in _READS:
        return max(1, math.ceil(answered / READ_UNIT)) * (1 if consistent else 0.5)
    return 1


def price_class(service: str, action: str) -> str | None:
    """The line of the price table that a call is billed by; None for what costs nothing here."""
    if service == "sqs":
        return "sqs request"
    if service == "dynamodb":
        return "dynamodb read" if action in _READS else "dynamodb write"
    if service == "s3":
        return "s3 write" if action in _S3_WRITES else "s3 read"
    return None


@dataclass
class Counts:
    """Requests, billed units and entries by (service, action, queue); differences of two are counts again."""

    requests: Counter[tuple[str, str, str]]
    billed: Counter[tuple[str, str, str]]
    entries: Counter[tuple[str, str, str]]

    @classmethod
    def none(cls) -> Counts:
        return cls(Counter(), Counter(), Counter())

    def add(self, call: Call, units: float) -> None:
        key = (call.service, call.action, call.queue)
        self.requests[key] += 1
        self.billed[key] += units  # type: ignore[assignment]  # half units are counted, too
        self.entries[key] += call.entries

    def since(self, before: Counts) -> Counts:
        return Counts(
            _minus(self.requests, before.requests), _minus(self.billed, before.billed),
            _minus(self.entries, before.entries),
        )  # fmt: skip

    def units(self, service: str, actions: Iterable[str] = (), queue: str | None = None) -> float:
        """Billed units of a service, of some of its actions and one queue where given."""
        wanted = set(actions)
        return sum(
            units
            for (name, action, at), units in self.billed.items()
            if name == service and (not wanted or action in wanted) and queue in (None, at)
        )

    def deleted(self, queue: str) -> int:
        """Messages that a queue was asked to delete."""
        return sum(self.entries["sqs", action, queue] for action in ("DeleteMessage", "DeleteMessageBatch"))

    def sent(self, queue: str) -> int:
        """Messages that a queue was asked to take."""
        return sum(self.entries["sqs", action, queue] for action in ("SendMessage", "SendMessageBatch"))

    def to_json(self) -> list[list[object]]:
        return [[*key, n, self.billed[key], self.entries[key]] for key, n in self.requests.items()]

    @classmethod
    def from_json(cls, rows: Iterable[tuple[str, str, str, int, float, int]]) -> Counts:
        counts = cls.none()
        for service, action, queue, requests, units, entries in rows:
            key = (service, action, queue)
            counts.requests[key], counts.entries[key] = requests, entries
            counts.billed[key] = units  # type: ignore[assignment]
        return counts


def _minus(
    after: Counter[tuple[str, str, str]], before: Counter[tuple[str, str, str]]
) -> Counter[tuple[str, str, str]]:
    # not Counter's own minus, which drops what is not above zero and would hide a mistake
    return Counter({key: after[key] - before[key] for key in after if after[key] != before[key]})


def _from_json(target: str, body: bytes) -> Call:
    name, _, action = target.rpartition(".")
    content = json.loads(body) if body else {}
    if name == "AmazonSQS":
        return Call("sqs", action, _last(content.get("QueueUrl", "")), len(content.get("Entries", [0])))
    if name.startswith("DynamoDB_"):
        return Call("dynamodb", action, entries=len(content.get("TransactItems", [0])))
    return Call(name.lower(), action)


def _from_query(fields: Mapping[str, str], path: str) -> Call:
    action = fields.get("Action", "")
    if action == "GetCallerIdentity":
        return Call("sts", action)
    ids = sum(name.endswith(".Id") for name in fields)
    return Call("sqs", action, _last(fields.get("QueueUrl", path)), max(1, ids))


def _last(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]
