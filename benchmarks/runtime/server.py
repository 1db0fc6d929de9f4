"""The counting cloud: MiniStack under uvicorn, and in front of it a counter of every request.

    python -m benchmarks.runtime.server        prints ``ready http://127.0.0.1:PORT``

Requests below ``/bench/`` are the benchmark's own and uncounted.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
import uuid
from collections.abc import Mapping
from typing import Any

import uvicorn

from benchmarks.runtime.counting import Counts, billed, read
from localcloud.asgi import App, Message, Receive, Scope, Send, read_body, respond
from localcloud.bases.registry import make

PLACEHOLDER = "00000000-0000-4000-8000-000000000000"
"""Where a message body says this, each filled message gets an id of its own."""


class CountingCloud:
    """An ASGI application around another that counts what passes."""

    def __init__(self, inner: App) -> None:
        self._inner = inner
        self._counts = Counts.none()
        self._arrivals: dict[str, list[float]] = {}
        self._own = {
            "counts": self._report, "arrivals": self._arrived, "fill": self._fill, "left": self._left,
            "create": self._create, "take": self._take, "purge": self._purge,
        }  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
        elif scope["path"].startswith("/bench/"):
            content = await self._own[scope["path"].rpartition("/")[2]](scope, await read_body(receive))
            await respond(send, 200, [(b"content-type", b"application/json")], json.dumps(content).encode())
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        call = read(scope["method"], scope["path"], headers, body)
        answered = 0
        self._arrivals.setdefault(call.queue, []).append(time.monotonic())

        async def passed(message: Message) -> None:
            nonlocal answered
            answered += len(message.get("body", b""))
            await send(message)

        try:
            await self._inner(scope, _again(body, receive), passed)
        finally:
            # a receive whose client went away was made nonetheless
            self._counts.add(call, billed(call, len(body), answered, consistent=b'"ConsistentRead": true' in body))

    async def _report(self, scope: Scope, body: bytes) -> dict[str, Any]:
        return {"counts": self._counts.to_json(), "cpu_s": time.process_time()}

    async def _arrived(self, scope: Scope, body: bytes) -> list[float]:
        """When each request to ``queue`` came, seconds of one clock; parked polls, too, which are not counted yet."""
        return self._arrivals.get(json.loads(body)["queue"], [])

    async def _create(self, scope: Scope, body: bytes) -> dict[str, Any]:
        """Makes ``queue``; answers with its ``QueueUrl``."""
        created: dict[str, Any] = await self._ask(scope, "CreateQueue", {"QueueName": json.loads(body)["queue"]})
        return created

    async def _purge(self, scope: Scope, body: bytes) -> dict[str, Any]:
        await self._ask(scope, "PurgeQueue", {"QueueUrl": json.loads(body)["url"]})
        return {}

    async def _take(self, scope: Scope, body: bytes) -> dict[str, Any]:
        """Takes one message out of the queue at ``url``: the entry that sends another like it."""
        url = json.loads(body)["url"]
        found = await self._ask(scope, "ReceiveMessage", {"QueueUrl": url, "MessageAttributeNames": ["All"]})
        message = found["Messages"][0]
        await self._ask(scope, "DeleteMessage", {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]})
        attributes = message.get("MessageAttributes")
        entry = {"MessageBody": message["Body"]}
        return {**entry, "MessageAttributes": attributes} if attributes else entry

    async def _fill(self, scope: Scope, body: bytes) -> dict[str, Any]:
        """Puts ``count`` copies of an entry (MessageBody, MessageAttributes) into ``queue``, uncounted."""
        order = json.loads(body)
        for start in range(0, order["count"], 10):
            entries = [_entry(order["entry"], n) for n in range(min(10, order["count"] - start))]
            await self._ask(scope, "SendMessageBatch", {"QueueUrl": order["url"], "Entries": entries})
        return {}

    async def _left(self, scope: Scope, body: bytes) -> dict[str, Any]:
        """Messages of a queue: ``visible`` and ``in_flight``."""
        names = {"visible": "ApproximateNumberOfMessages", "in_flight": "ApproximateNumberOfMessagesNotVisible"}
        asked = {"QueueUrl": json.loads(body)["url"], "AttributeNames": list(names.values())}
        found = (await self._ask(scope, "GetQueueAttributes", asked))["Attributes"]
        return {name: int(found[attribute]) for name, attribute in names.items()}

    async def _ask(self, scope: Scope, action: str, content: Mapping[str, Any]) -> Any:
        body, answer = json.dumps(content).encode(), bytearray()

        async def collected(message: Message) -> None:
            answer.extend(message.get("body", b""))

        headers = [
            (b"host", dict(scope["headers"])[b"host"]), (b"x-amz-target", b"AmazonSQS." + action.encode()),
            (b"content-type", b"application/x-amz-json-1.0"), (b"content-length", str(len(body)).encode()),
            (b"authorization", b"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request"),
        ]  # fmt: skip
        inner = {**scope, "method": "POST", "path": "/", "raw_path": b"/", "headers": headers}
        await self._inner(inner, _again(body, asyncio.Event().wait), collected)  # type: ignore[arg-type]
        return json.loads(bytes(answer) or b"{}")


def _entry(entry: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {**entry, "Id": str(number), "MessageBody": entry["MessageBody"].replace(PLACEHOLDER, str(uuid.uuid4()))}


def _again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that was read already, then what comes after it."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def main() -> None:
    cloud = make("ministack", None)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        CountingCloud(cloud.app), lifespan="on", http="httptools", loop="uvloop", ws="none", log_level="critical",
        access_log=False, timeout_keep_alive=75, timeout_graceful_shutdown=1,
    )  # fmt: skip
    print(f"ready http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    os.environ.pop("AWS_ENDPOINT_URL", None)
    sys.exit(main())
