"""The world's time, on a loop whose time jumps."""

from __future__ import annotations

import asyncio

START = 1_700_000_000.0


class WorldClock:
    """Unix seconds of a world that began with its event loop."""

    def now(self) -> float:
        return START + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0))
