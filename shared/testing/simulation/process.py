"""One worker process of the simulation: it runs, and may be frozen, killed or drained.

A killed process stands still where it is: every call to its surroundings and every look at its clock that makes it
wait never returns, so no ``finally`` and no ``except`` of it reaches the world. That is a kill -9 at that await.
"""

from __future__ import annotations

import asyncio

from shared.testing.simulation.time import WorldClock


class Process:
    """A process serving ``worker``. ``skew_s`` is how far its clock is ahead of the world's."""

    def __init__(self, name: str, worker: str, clock: WorldClock) -> None:
        self.name = name
        self.worker = worker
        self.clock = ProcessClock(self, clock)
        self.skew_s = 0.0
        self.stop = asyncio.Event()
        self.now = asyncio.Event()
        self.killed = False
        self.disturbed_at = float("-inf")
        """When it last stood still, in the world's time."""
        self.receipts: set[str] = set()
        """Of all that it received."""
        self._world = clock
        self._going = asyncio.Event()
        self._going.set()
        self._over = False

    async def going(self) -> None:
        """Returns while the process runs: at once, after a freeze, or never."""
        while not self._going.is_set():
            await self._going.wait()
        if self._over:
            raise asyncio.CancelledError

    def kill(self) -> None:
        self.killed = True
        self._going.clear()

    def freeze(self) -> None:
        self._going.clear()

    def thaw(self) -> None:
        if not self.killed:
            self.disturbed_at = self._world.now()
            self._going.set()

    @property
    def frozen(self) -> bool:
        return not self._going.is_set()

    def end(self) -> None:
        """The schedule is over: whatever still waits is let go, and can do nothing any more."""
        self._over = True
        self._going.set()


class ProcessClock:
    """The clock of one process."""

    def __init__(self, process: Process, world: WorldClock) -> None:
        self._process = process
        self._world = world

    def now(self) -> float:
        return self._world.now() + self._process.skew_s

    async def sleep(self, seconds: float) -> None:
        await self._world.sleep(seconds)
        await self._process.going()
