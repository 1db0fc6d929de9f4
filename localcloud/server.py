"""The local cloud's server: a base, the local Bedrock in front of it, on 127.0.0.1."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import uvicorn

from localcloud.asgi import App
from localcloud.bases.registry import DEFAULT as DEFAULT_BASE
from localcloud.bases.registry import make
from localcloud.bedrock.front import Front
from localcloud.bedrock.invoker import DEFAULT_MINIMUM
from localcloud.bedrock.operations.registry import handlers
from localcloud.bedrock.service import open_backend
from localcloud.engines.families import split
from localcloud.errors import LocalCloudError, PortTaken
from localcloud.statelock import locked

_GRACE_S = 1  # what still runs then is a long poll; its client asks again


async def serve(
    *,
    port: int = 0,
    base: str = DEFAULT_BASE,
    state: Path | None = None,
    aliases: Mapping[str, str] | None = None,
    engines: Mapping[str, str] | None = None,
    openai: str | None = None,
    openai_key_env: str | None = None,
    batch_minimum: int = DEFAULT_MINIMUM,
    faults: Path | None = None,
    knowledge: Mapping[str, Path] | None = None,
    on_ready: Callable[[str], None] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serves until ``stop`` is set; ``on_ready`` gets the endpoint once it answers. ``batch_minimum``: records that a
    batch inference job must have. ``engines``: ``module:Class`` by the name before the slash of its models' ids; an
    empty one is in place of the default. ``openai``: URL of a server for ``openai/…``; ``openai_key_env`` names the
    variable that has its key. ``faults``: a file of trouble on purpose. ``knowledge``: folders of text by the id of
    the knowledge base that they are.

    One per process: bases keep their state in module globals. Raises PortTaken, StateInUse and BadOption.
    """
    stop = stop or asyncio.Event()
    with _bound(port) as listener, locked(state):
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
        beneath = make(base, state)
        default, beside = split(engines or {}, openai, openai_key_env, os.environ)
        async with open_backend(
            endpoint=endpoint, account=beneath.account, keep=beneath.keep, state=state, aliases=aliases or {},
            engine=default, families=beside, batch_minimum=batch_minimum, faults=faults, knowledge=knowledge,
        ) as backend:  # fmt: skip
            await beneath.start()
            try:
                server = _server(Front(beneath.app, handlers(backend)))
                serving = asyncio.create_task(server.serve(sockets=[listener]))
                await _started(server, serving)
                backend.trainer.resume()
                backend.invoker.resume()
                if on_ready:
                    on_ready(endpoint)
                await _first(stop.wait(), serving)
                await backend.trainer.close()
                await backend.invoker.close()
                server.should_exit = True
                await serving
            finally:
                await beneath.stop()


class _Server(uvicorn.Server):
    def capture_signals(self) -> Any:
        """Signals are the caller's affair: it sets ``stop``."""
        return nullcontext()


def _server(app: App) -> uvicorn.Server:
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # cancelled long polls are no errors
    config = uvicorn.Config(
        app,
        lifespan="off",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_S,
    )
    return _Server(config)


async def _started(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    while not server.started:
        if serving.done():
            await serving
            raise LocalCloudError("the local cloud's server ended before it was ready")
        await asyncio.sleep(0.005)


async def _first(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks[:-1]:
        task.cancel()


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(port) from None
            raise
        yield listener
