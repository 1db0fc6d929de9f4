"""Many small waits at once, but not too many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

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
