"""An AWS endpoint on 127.0.0.1 that answers as it is told: for refusals that no local cloud can be asked for.

What it is not told, it answers as an account does in which all is provisioned and no message waits. Errors go out in
the form of each service: AWS JSON 1.0 for SQS (with the code of its older protocol in a header) and DynamoDB, the
query protocol's XML for STS, S3's own XML.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

ACCOUNT = "123456789012"
EMPTY_RECEIVE_S = 0.05
"""What a long poll takes that brings nothing."""


@dataclass(frozen=True)
class Refusal:
    """An error of a service. ``query_code`` is SQS's code in its older protocol, where that differs."""

    code: str
    message: str
    status: int = 400
    query_code: str | None = None


@dataclass(frozen=True)
class Page:
    """No answer of AWS: whatever else listens at an address."""

    text: str
    status: int = 200
    type: str = "text/html"


Answer = dict[str, Any] | Refusal | Page
"""A dict is the content of a JSON service's answer."""


@dataclass(frozen=True)
class Reply:
    """What goes over the wire."""

    status: int
    type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class ScriptedCloud:
    """``asked`` are the operations in the order of their coming, as ``sqs:ReceiveMessage``."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._told: dict[str, list[Answer]] = {}
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def environ(self) -> dict[str, str]:
        """What a command needs to talk to it."""
        return {"AWS_ENDPOINT_URL": self.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

    def tell(self, operation: str, *answers: Answer) -> None:
        """How to answer an operation, time after time; the last answer stays."""
        self._told[operation] = list(answers)

    def answer(self, operation: str, content: dict[str, Any]) -> Reply:
        with self._lock:
            self.asked.append(operation)
            told = self._told.get(operation, [])
            answer = told[0] if told else None
            if len(told) > 1:
                told.pop(0)
        service, _, action = operation.partition(":")
        if isinstance(answer, Page):
            return Reply(answer.status, answer.type, answer.text.encode())
        if isinstance(answer, Refusal):
            return REFUSED[service](answer)
        if service == "sts":
            return Reply(200, "text/xml", IDENTITY.encode())
        if service == "s3":
            return Reply(200, "application/xml", NO_OBJECTS.encode())
        return _json(200, self._usual(action, content) if answer is None else answer)

    def _usual(self, action: str, content: dict[str, Any]) -> dict[str, Any]:
        if action == "GetQueueUrl":
            return {"QueueUrl": f"{self.endpoint}/{ACCOUNT}/{content['QueueName']}"}
        if action == "ReceiveMessage":
            time.sleep(EMPTY_RECEIVE_S)
        if "Entries" in content:
            return {"Successful": [{"Id": entry["Id"]} for entry in content["Entries"]]}
        return {}


@contextmanager
def scripted_cloud() -> Iterator[ScriptedCloud]:
    """One that answers as long as the context lasts."""
    cloud = ScriptedCloud()
    thread = threading.Thread(target=cloud.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield cloud
    finally:
        cloud.server.shutdown()
        thread.join()
        cloud.server.server_close()


def _handler(cloud: ScriptedCloud) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            operation, content = _called(self.headers.get("X-Amz-Target"), body)
            self._send(cloud.answer(operation, content))

        def do_GET(self) -> None:
            listing = "list-type" in parse_qs(urlsplit(self.path).query)
            self._send(cloud.answer("s3:ListObjectsV2" if listing else "s3:GetObject", {}))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in (*reply.headers, ("Content-Type", reply.type), ("Content-Length", str(len(reply.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Tests look at ``asked``."""

    return Handler


def _called(target: str | None, body: bytes) -> tuple[str, dict[str, Any]]:
    """Operation and content of a request, by ``X-Amz-Target``, else by the query protocol's form."""
    if target is None:
        return f"sts:{parse_qs(body.decode())['Action'][0]}", {}
    prefix, _, action = target.partition(".")
    return f"{TARGETS[prefix]}:{action}", json.loads(body)


def _json(status: int, content: dict[str, Any], headers: Sequence[tuple[str, str]] = ()) -> Reply:
    return Reply(status, "application/x-amz-json-1.0", json.dumps(content).encode(), tuple(headers))


def _sqs(refusal: Refusal) -> Reply:
    query = (("x-amzn-query-error", f"{refusal.query_code or refusal.code};Sender"),)
    return _json(refusal.status, {"__type": f"com.amazonaws.sqs#{refusal.code}", "message": refusal.message}, query)


def _dynamodb(refusal: Refusal) -> Reply:
    kind = f"com.amazonaws.dynamodb.v20120810#{refusal.code}"
    return _json(refusal.status, {"__type": kind, "message": refusal.message})


def _sts(refusal: Refusal) -> Reply:
    error = f"<Type>Sender</Type><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
    body = f"<ErrorResponse {STS}><Error>{error}</Error><RequestId>1</RequestId></ErrorResponse>"
    return Reply(refusal.status, "text/xml", body.encode())


def _s3(refusal: Refusal) -> Reply:
    error = f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message><RequestId>1</RequestId>"
    return Reply(refusal.status, "application/xml", f'<?xml version="1.0"?><Error>{error}</Error>'.encode())


STS = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
IDENTITY = f"""<GetCallerIdentityResponse {STS}><GetCallerIdentityResult>
<Arn>arn:aws:iam::{ACCOUNT}:user/worker</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
NO_OBJECTS = """<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>"""
TARGETS = {"AmazonSQS": "sqs", "DynamoDB_20120810": "dynamodb", "AWSEvents": "events"}
REFUSED = {"sqs": _sqs, "dynamodb": _dynamodb, "sts": _sts, "s3": _s3}
