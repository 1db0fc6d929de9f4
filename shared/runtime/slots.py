"""Free places of a consumer: what may be received is what can be worked on at once."""

from __future__ import annotations

import asyncio


class Slots:
    """``count`` places."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._freed = asyncio.Event()

    async def take(self, limit: int) -> int:
        """Waits for a free place and takes all that are free, ``limit`` at most."""
        while self._free == 0:
            self._freed.clear()
            await self._freed.wait()
        taken = min(self._free, limit)
        self._free -= taken
        return taken

    def give(self, count: int) -> None:
        self._free += count
        self._freed.set()
