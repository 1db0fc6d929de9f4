"""A WSGI application served by an ASGI server: one thread a request, bodies whole in memory."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from localcloud.asgi import App, Headers, Receive, Scope, Send, read_body, respond

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def adapt(wsgi: WsgiApp, threads: ThreadPoolExecutor) -> App:
    """``wsgi`` as an ASGI application; ``threads`` must allow as many as there are long polls at once."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        environ = _environ(scope, await read_body(receive))
        status, headers, body = await asyncio.get_running_loop().run_in_executor(threads, _call, wsgi, environ)
        await respond(send, status, headers, body)

    return app


def _call(wsgi: WsgiApp, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        started.append((status, headers))

    chunks = wsgi(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    status, headers = started[-1]
    return int(status[:3]), [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers], body


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    host, port = scope["server"]
    raw_uri = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        # The undecoded path, where Werkzeug's own server puts it.
        "RAW_URI": raw_uri.decode("latin-1"),
        "REQUEST_URI": raw_uri.decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "asgi.headers": scope["headers"],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key, text = environ_key(name.decode("latin-1")), value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ and key.startswith("HTTP_") else text
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def environ_key(header: str) -> str:
    """The name under which WSGI passes a header."""
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
