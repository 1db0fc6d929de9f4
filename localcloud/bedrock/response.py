"""An operation's answer, or its error, as an HTTP response in rest-json."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel

from localcloud.asgi import Headers
from localcloud.bedrock.errors import AwsError
from localcloud.bedrock.eventstream import CONTENT_TYPE, Event, encode


@dataclass(frozen=True)
class Response:
    status: int
    headers: Headers
    body: bytes


def success(operation: OperationModel, answer: dict[str, Any]) -> Response:
    """Header members go to headers, a payload member is the body, all else is a JSON object."""
    shape = operation.output_shape
    headers = [("x-amzn-requestid", str(uuid.uuid4()))]
    members = dict(answer)
    for name, member in (shape.members if shape else {}).items():
        if member.serialization.get("location") == "header" and name in members:
            headers.append((member.serialization.get("name", name), str(members.pop(name))))
    payload = shape.serialization.get("payload") if shape else None
    body = members[payload] if payload else _json(members)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Response(operation.http.get("responseCode", 200), _encoded(headers), body)


def streamed(events: Sequence[Event]) -> Response:
    """An answer that is an event stream."""
    headers = [("x-amzn-requestid", str(uuid.uuid4())), ("Content-Type", CONTENT_TYPE)]
    return Response(200, _encoded(headers), encode(events))


def failure(error: AwsError) -> Response:
    """AWS's shape of an error: the type in a header, the message in the body."""
    headers = [
        ("x-amzn-requestid", str(uuid.uuid4())),
        ("x-amzn-ErrorType", error.code),
        ("Content-Type", "application/json"),
    ]
    return Response(error.status, _encoded(headers), _json({"message": str(error)}))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=_blob).encode("utf-8", "replace")


def _blob(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _encoded(headers: list[tuple[str, str]]) -> Headers:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
