"""The HTTP endpoint of a worker process: ``/metrics`` for Prometheus, ``/livez`` and ``/readyz`` for who runs it.

In a thread of its own: it must answer just when the main loop does not. Plain HTTP for a trusted network; it tells
nothing that a message contains.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

from shared.errors import BadInput
from shared.observe.health import Check, Health
from shared.settings import METRICS_HOST, METRICS_PORT, Settings

CLIENT_TIMEOUT_S = 10
"""A client that says nothing for so long is hung up on: each has a thread."""
POLL_S = 0.1
"""How often it looks whether it is to end: what it may add to the end of a process."""


@contextmanager
def serving(settings: Settings, registry: CollectorRegistry, health: Health, log: Any) -> Iterator[int | None]:
    """Answers as long as the context lasts, and gives the port; None when the settings ask for no endpoint.

    Raises BadInput naming the variable when the port cannot be had.
    """
    if settings.metrics_port is None:
        yield None
        return
    with _bound(settings.metrics_host, settings.metrics_port) as server:
        server.set_app(application(registry, health))
        thread = Thread(target=server.serve_forever, args=(POLL_S,), name="endpoint", daemon=True)
        thread.start()
        log.info("endpoint.listening", host=settings.metrics_host, port=server.server_port)
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def application(registry: CollectorRegistry, health: Health) -> WSGIApplication:
    """The three pages."""
    pages: dict[str, WSGIApplication] = {
        "/metrics": make_wsgi_app(registry),
        "/livez": _health_page(health.live),
        "/readyz": _health_page(health.able),
    }

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        page = pages.get(environ["PATH_INFO"])
        if page is not None:
            return page(environ, start)
        return _json(start, "404 Not Found", {"pages": list(pages)})

    return answer


def _health_page(checks: Callable[[], list[Check]]) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        found = checks()
        ok = all(check.ok for check in found)
        body = {"ok": ok, "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in found}}
        return _json(start, "200 OK" if ok else "503 Service Unavailable", body)

    return answer


def _json(start: StartResponse, status: str, body: dict[str, Any]) -> Iterable[bytes]:
    start(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    return [json.dumps(body).encode() + b"\n"]


def _bound(host: str, port: int) -> _Server:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise BadInput(f"{METRICS_HOST} is {host!r}, which is no address of this machine ({error})") from None
    try:
        return _Server(family, address)
    except OSError as error:
        raise BadInput(
            f"{METRICS_PORT} is {port}, which cannot be had at {host} ({error.strerror}); choose another, 0 for any "
            f"free one, or unset it for no endpoint ({METRICS_HOST} says at which address)"
        ) from None


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False  # a slow reader must not hold up the end of the process

    def __init__(self, family: int, address: Any) -> None:
        self.address_family = family
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own asks DNS for this host's name, which may take seconds in a container
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(WSGIRequestHandler):
    timeout = CLIENT_TIMEOUT_S

    def log_message(self, format: str, *args: Any) -> None:
        """A probe every few seconds is nothing to log."""
