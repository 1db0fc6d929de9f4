"""Entries that come one by one, sent ten at a time: each caller waits for the outcome of its own entry."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared.clock import Clock
from shared.errors import CloudError, Retryable
from shared.runtime.queue import BATCH, Outcomes, Refused

E = TypeVar("E")


class Batcher(Generic[E]):
    """Collects entries for up to ``linger_s`` or until ten are there, then sends them with one call."""

    def __init__(
        self, call: Callable[[Sequence[E]], Awaitable[Outcomes]], clock: Clock, linger_s: float = 0.02
    ) -> None:
        self._call = call
        self._clock = clock
        self._linger_s = linger_s
        self._waiting: list[tuple[E, asyncio.Future[Refused | None]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, entry: E) -> Refused | None:
        """Sends the entry with its batch; a call that fails as a whole refuses each of its entries, not permanently."""
        outcome: asyncio.Future[Refused | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, outcome))
        if len(self._waiting) >= BATCH:
            self._start(self._flush())
        elif len(self._waiting) == 1:
            self._start(self._flush_later())
        return await outcome

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _flush_later(self) -> None:
        await self._clock.sleep(self._linger_s)
        await self._flush()

    async def _flush(self) -> None:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if not batch:
            return
        for (_, future), outcome in zip(batch, await self._outcomes([entry for entry, _ in batch]), strict=True):
            if not future.done():
                future.set_result(outcome)

    async def _outcomes(self, entries: list[E]) -> Outcomes:
        try:
            return await self._call(entries)
        except (Retryable, CloudError) as error:
            return [Refused(type(error).__name__, str(error), permanent=False)] * len(entries)
        except Exception as error:
            # whatever it is, nobody may wait for ever for an outcome that never comes
            return [Refused(type(error).__name__, str(error), permanent=True)] * len(entries)
