"""The storm: while it lasts, processes are killed, frozen and drained, clocks are set, messages repeat or come late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from shared.testing.queue import Entry, FakeQueue
from shared.testing.simulation.checks import drained
from shared.testing.simulation.ledger import SKEW_S
from shared.testing.simulation.process import Process
from shared.testing.simulation.redrive import redrive
from shared.testing.simulation.world import World

MOVE_S = 3.0
"""Between two moves, on average."""


class Storm:
    """The adversary of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._random = world.random
        self._under_way: set[asyncio.Task[None]] = set()

    async def rage(self) -> None:
        """Lasts as long as the schedule says, and ends with every frozen process thawed and every drain done."""
        world = self._world
        end = world.clock.now() + world.rates.storm_s
        while world.clock.now() < end:
            await world.clock.sleep(self._random.expovariate(1 / MOVE_S))
            self._move()
        world.hazards.calm()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _move(self) -> None:
        rates = self._world.rates
        a_minute: list[tuple[float, Callable[[], None]]] = [
            (rates.kills, self._kill), (rates.freezes, self._freeze), (rates.drains, self._drain),
            (rates.steps, self._set_clock), (rates.repeats, self._duplicate), (rates.repeats, self._expose),
            (rates.repeats, self._delay), (rates.repeats / 8, self._redrive),
        ]  # fmt: skip
        for rate, move in a_minute:
            if self._random.random() < rate * MOVE_S / 60:
                move()

    def _aside(self, work: asyncio.Task[None]) -> None:
        self._under_way.add(work)

    def _victim(self) -> Process | None:
        alive = [process for process in self._world.processes if self._world.alive(process)]
        return self._random.choice(alive) if alive else None

    def _kill(self) -> None:
        if (victim := self._victim()) is not None:
            self._world.trace("adversary.kill", process=victim.name)
            victim.kill()

    def _freeze(self) -> None:
        if (victim := self._victim()) is not None:
            self._aside(asyncio.create_task(self._freeze_for(victim, self._random.uniform(1, 90))))

    async def _freeze_for(self, victim: Process, seconds: float) -> None:
        self._world.trace("adversary.freeze", process=victim.name, seconds=round(seconds))
        victim.freeze()
        await self._world.clock.sleep(seconds)
        victim.thaw()

    def _drain(self) -> None:
        if (victim := self._victim()) is not None:
            self._aside(asyncio.create_task(drained(self._world, victim, impatient=self._random.random() < 0.2)))

    def _set_clock(self) -> None:
        if (victim := self._victim()) is not None:
            victim.skew_s = self._random.uniform(-SKEW_S / 2, SKEW_S / 2)

    def _message(self) -> tuple[FakeQueue, Entry] | None:
        held = [(queue, entry) for queue in self._world.queues.values() for entry in queue.entries.values()]
        return self._random.choice(held) if held else None

    def _duplicate(self) -> None:
        if (found := self._message()) is not None:
            found[0].duplicate(found[1].id)

    def _expose(self) -> None:
        """A second delivery while the first is still worked on."""
        if (found := self._message()) is not None:
            found[0].expose(found[1].id)

    def _delay(self) -> None:
        """A message that waits becomes visible later than it was promised."""
        if (found := self._message()) is not None and found[1].receipt is None:
            found[1].visible_at += self._random.uniform(1, 60)

    def _redrive(self) -> None:
        self._aside(asyncio.create_task(redrive(self._world)))
