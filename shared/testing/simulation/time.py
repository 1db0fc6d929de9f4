"""The world's time, on a loop whose time jumps."""

from __future__ import annotations

from shared.testing.simulation.loop import JumpLoop

START = 1_700_000_000.0


class WorldClock:
    """Unix seconds of a world that began with its event loop."""

    def __init__(self, loop: JumpLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        return START + self._loop.now

    async def sleep(self, seconds: float) -> None:
        await self._loop.sleep(max(seconds, 0.0))
