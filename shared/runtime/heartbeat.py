"""The heartbeat's place: a thread with an event loop and clients of its own, so that no handler can hold it up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from shared.runtime.leases import LeaseTable, Renewals

Beating = Callable[[LeaseTable], AbstractAsyncContextManager["asyncio.Future[None]"]]
"""Keeps a table's leases while the block runs; the future ends only when renewing has failed for good."""


def in_this_loop(renewals: Renewals) -> Beating:
    """Renews on the handlers' own loop: for tests and the simulation."""

    @asynccontextmanager
    async def beating(table: LeaseTable) -> AsyncIterator[asyncio.Future[None]]:
        task = asyncio.create_task(table.run(renewals))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return beating


class HeartbeatThread:
    """One thread for all consumers of a process; ``connect`` opens what renewals are made with, on its loop."""

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._connect = connect
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="heartbeat", daemon=True)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[HeartbeatThread]:
        connection = self._connect()
        self._thread.start()
        try:
            self.connection = await self._there(connection.__aenter__())
            try:
                yield self
            finally:
                await self._there(_cancelled())
                await self._there(connection.__aexit__(None, None, None))
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            await asyncio.to_thread(self._thread.join)
            self._loop.close()

    def beating(self, renewals: Callable[[Any], Renewals]) -> Beating:
        """``renewals`` makes a table's from the thread's connection."""

        @asynccontextmanager
        async def beating(table: LeaseTable) -> AsyncIterator[asyncio.Future[None]]:
            running = asyncio.run_coroutine_threadsafe(table.run(renewals(self.connection)), self._loop)
            future = asyncio.wrap_future(running)
            try:
                yield future
            finally:
                running.cancel()
                await asyncio.gather(future, return_exceptions=True)

        return beating

    async def _there(self, work: Any) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))


async def _cancelled() -> None:
    """Returns when all else on this loop has ended: a call under way must not outlive its connection or its loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        if not task.cancelling():  # twice would cut off how it ends
            task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
