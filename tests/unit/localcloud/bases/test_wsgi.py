from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from localcloud.asgi import Message
from localcloud.bases.wsgi import adapt


async def call(method: str, headers: list[tuple[bytes, bytes]], *chunks: bytes) -> tuple[dict[str, Any], list[Message]]:
    seen: dict[str, Any] = {}
    sent: list[Message] = []
    body = list(chunks)

    def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 Created", [("X-One", "1"), ("Content-Length", "9" if method == "HEAD" else "4")])
        return [] if method == "HEAD" else [b"bo", b"dy"]

    async def receive() -> Message:
        return {"body": body.pop(0), "more_body": bool(body)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": "/한/a b",
        "raw_path": b"/%ED%95%9C/a%20b",
        "query_string": b"x=1",
        "headers": headers,
        "server": ("127.0.0.1", 80),
    }
    with ThreadPoolExecutor(1) as threads:
        await adapt(wsgi, threads)(scope, receive, send)
    return seen, sent


async def test_the_application_sees_the_request_as_wsgi_spells_it() -> None:
    seen, sent = await call("PUT", [(b"x-a", b"1"), (b"x-a", b"2"), (b"content-type", b"t")], b"one", b"two")
    assert (seen["body"], seen["CONTENT_LENGTH"], seen["CONTENT_TYPE"]) == (b"onetwo", "6", "t")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/한/a b"
    assert (seen["RAW_URI"], seen["HTTP_X_A"], seen["QUERY_STRING"]) == ("/%ED%95%9C/a%20b?x=1", "1,2", "x=1")
    assert (sent[0]["status"], sent[1]["body"]) == (201, b"body")


async def test_the_length_that_a_head_answers_with_is_kept() -> None:
    _, sent = await call("HEAD", [], b"")
    assert sent[0]["headers"] == [(b"X-One", b"1"), (b"Content-Length", b"9")]
    assert sent[1]["body"] == b""
