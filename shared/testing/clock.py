"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable
from itertools import count
from typing import TypeVar

T = TypeVar("T")

ROUNDS = 60
"""Turns of the event loop after which everything that does not wait for the clock has come to rest."""


class FakeClock:
    """Time that passes only in ``advance`` and ``run``; whoever sleeps is woken in the order of waking times."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Lets this much time pass, and everything happen that is due in it."""
        target = self._now + seconds
        await _settle()
        while (due := self._next()) is not None and due <= target:
            await self._wake(due)
        self._now = target
        await _settle()

    async def run(self, awaitable: Awaitable[T]) -> T:
        """The result of ``awaitable``, time passing as fast as it can. Raises RuntimeError when it waits for ever."""
        task: asyncio.Future[T] = asyncio.ensure_future(awaitable)
        await _settle()
        while not task.done():
            due = self._next()
            if due is None:
                task.cancel()
                raise RuntimeError("everything waits, and nobody for the clock")
            await self._wake(due)
        return await task

    def _next(self) -> float | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    async def _wake(self, due: float) -> None:
        _, _, woken = heapq.heappop(self._sleepers)
        self._now = max(self._now, due)
        if not woken.done():
            woken.set_result(None)
        await _settle()


async def _settle() -> None:
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
