"""Waiting for whichever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

from shared.clock import Clock


async def first_of(*awaitables: Awaitable[Any]) -> None:
    """Returns when one is done, and cancels the others; their results and errors are dropped."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def set_within(clock: Clock, seconds: float, event: asyncio.Event) -> None:
    """Returns when the event is set: by somebody, or here after ``seconds``.

    It takes a third of the turns of the loop that ``first_of`` does, for those who wait like this all day.
    """

    def ring(_: asyncio.Future[None]) -> None:
        event.set()

    timer = asyncio.ensure_future(clock.sleep(seconds))
    timer.add_done_callback(ring)
    try:
        await event.wait()
    finally:
        timer.remove_done_callback(ring)
        timer.cancel()


async def within(clock: Clock, seconds: float, tasks: Iterable[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Waits for all tasks, but no longer than ``seconds``; returns those still running, untouched."""
    running = {task for task in tasks if not task.done()}
    if running:
        # asyncio.wait does not cancel what it waits for when it is cancelled itself
        await first_of(clock.sleep(seconds), asyncio.wait(running))
    return {task for task in running if not task.done()}
