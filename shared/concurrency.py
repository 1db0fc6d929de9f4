"""Many small waits at once, but not too many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

AT_ONCE = 16
"""Calls in flight: well under a client's connection pool."""


async def gathered(calls: Iterable[Awaitable[T]], at_once: int = AT_ONCE) -> list[T]:
    """The results in the order of the calls. The first error is raised once the calls under way have ended."""
    gate = asyncio.Semaphore(at_once)

    async def one(call: Awaitable[T]) -> T:
        async with gate:
            return await call

    results = await asyncio.gather(*map(one, calls), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


async def in_order(calls: Sequence[Callable[[], Coroutine[Any, Any, T]]], ahead: int) -> AsyncIterator[T]:
    """Results one by one in the order of the calls, up to ``ahead`` of them under way or waiting to be taken."""
    waiting: deque[asyncio.Task[T]] = deque()
    try:
        for call in calls:
            waiting.append(asyncio.create_task(call()))
            if len(waiting) >= ahead:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
