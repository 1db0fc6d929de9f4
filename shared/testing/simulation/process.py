"""One worker process of the simulation: it runs, and may be frozen, killed or drained.

A killed process stands still where it is: every call to its surroundings and every look at its clock that makes it
wait never returns, so no ``finally`` and no ``except`` of it reaches the world. That is a kill -9 at that await.
"""

from __future__ import annotations

import asyncio

from shared.testing.simulation.time import WorldClock


class Process:
    """A process with a consumer for each of ``workers``. ``skew_s`` is how far its clock is ahead of the world's."""

    def __init__(self, name: str, workers: tuple[str, ...], clock: WorldClock) -> None:
        self.name = name
        self.workers = workers
        self.clock = ProcessClock(self, clock)
        self.skew_s = 0.0
        self.stop = asyncio.Event()
        self.now = asyncio.Event()
        self.died = asyncio.Event()
        self.disturbed_at = float("-inf")
        """When it last stood still, in the world's time."""
        self.unsettled: set[str] = set()
        """Receipts of what it was handed, and has neither deleted nor given back."""
        self.given_back: set[str] = set()
        self.throttled = (0.0, 0.0)
        """Since when and until when none of its deliveries may begin, by its own clock."""
        self._world = clock
        self._going = asyncio.Event()
        self._going.set()
        self._freezes = 0
        self._thaws: set[asyncio.Task[None]] = set()
        self._over = False

    async def going(self) -> None:
        """Returns while the process runs: at once, after a freeze, or never."""
        while not self._going.is_set():
            await self._going.wait()
        if self._over:
            raise asyncio.CancelledError

    @property
    def halted(self) -> bool:
        """Whether ``going`` would not return at once."""
        return self._over or not self._going.is_set()

    def kill(self) -> None:
        self.died.set()
        self._going.clear()

    @property
    def killed(self) -> bool:
        return self.died.is_set()

    @property
    def serves(self) -> bool:
        """Whether it was neither killed nor told to stop."""
        return not (self.killed or self.stop.is_set())

    def freeze(self, seconds: float) -> None:
        """Lets the process stand still for so long, as a paused machine or a very long collection of garbage does."""
        self._freezes += 1
        self._going.clear()
        thaw = asyncio.create_task(self._thaw_after(seconds))
        self._thaws.add(thaw)
        thaw.add_done_callback(self._thaws.discard)

    async def _thaw_after(self, seconds: float) -> None:
        await self._world.sleep(seconds)
        self._freezes -= 1
        if not self._freezes and not self.killed:
            self.disturbed_at = self._world.now()
            self._going.set()

    def throttle(self, seconds: float | None) -> None:
        """One of its handlers was asked to slow down for so long."""
        if seconds is not None:
            now = self.clock.now()
            self.throttled = (now, max(self.throttled[1], now + seconds))

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
        if self._process.halted:
            await self._process.going()
