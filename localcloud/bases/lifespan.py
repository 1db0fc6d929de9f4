"""Runs the lifespan protocol of an inner ASGI application, which its server would otherwise run."""

from __future__ import annotations

import asyncio

from localcloud.asgi import App, Message


class Lifespan:
    """``start`` returns once the application has started up, ``stop`` once it has shut down."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.ensure_future(self._app({"type": "lifespan"}, self._to_app.get, self._from_app.put))
        await self._exchange("lifespan.startup")

    async def stop(self) -> None:
        if self._task is None:
            return
        await self._exchange("lifespan.shutdown")
        await self._task

    async def _exchange(self, kind: str) -> None:
        assert self._task is not None
        await self._to_app.put({"type": kind})
        answer = asyncio.ensure_future(self._from_app.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            await self._task
