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
        self._drains: set[asyncio.Task[None]] = set()

    async def rage(self, seconds: float) -> None:
        """Ends when every drain is done; what is frozen thaws by itself."""
        world = self._world
        world.hazards.raging = True
        end = world.clock.now() + seconds
        while world.clock.now() < end:
            await world.clock.sleep(self._random.expovariate(1 / MOVE_S))
            await self._move()
        world.hazards.raging = False
        if self._drains:
            await asyncio.wait(self._drains)

    async def _move(self) -> None:
        rates = self._world.rates
        a_minute: list[tuple[float, Callable[[], None]]] = [
            (rates.kills, self._kill), (rates.freezes, self._freeze), (rates.drains, self._drain),
            (rates.steps, self._set_clock), (rates.repeats, self._duplicate), (rates.repeats, self._expose),
            (rates.repeats, self._delay),
        ]  # fmt: skip
        for rate, move in a_minute:
            if self._comes(rate):
                move()
        if self._comes(rates.repeats / 8):
            await redrive(self._world)

    def _comes(self, a_minute: float) -> bool:
        return self._random.random() < a_minute * MOVE_S / 60

    def _victim(self) -> Process | None:
        alive = [process for process in self._world.processes if self._world.alive(process)]
        return self._random.choice(alive) if alive else None

    def _kill(self) -> None:
        if (victim := self._victim()) is not None:
            self._world.witness.trace("adversary.kill", process=victim.name)
            victim.kill()

    def _freeze(self) -> None:
        if (victim := self._victim()) is not None:
            seconds = self._world.hazards.frozen_s()
            self._world.witness.trace("adversary.freeze", process=victim.name, seconds=round(seconds))
            victim.freeze(seconds)

    def _drain(self) -> None:
        if (victim := self._victim()) is not None:
            self._world.witness.trace("adversary.drain", process=victim.name)
            impatient = self._random.random() < 0.2
            self._drains.add(asyncio.create_task(drained(self._world, victim, impatient=impatient)))

    def _set_clock(self) -> None:
        if (victim := self._victim()) is not None:
            victim.skew_s = self._random.uniform(-SKEW_S / 2, SKEW_S / 2)
            self._world.witness.trace("adversary.set_clock", process=victim.name, skew_s=round(victim.skew_s, 1))

    def _message(self, *, in_flight: bool = False) -> tuple[FakeQueue, Entry] | None:
        held = [
            (queue, entry)
            for queue in self._world.queues.values()
            for entry in queue.entries.values()
            if entry.receipt is not None or not in_flight
        ]
        return self._random.choice(held) if held else None

    def _duplicate(self) -> None:
        if (found := self._message()) is not None:
            self._world.witness.trace("adversary.duplicate", message_id=found[1].id)
            found[0].duplicate(found[1].id)

    def _expose(self) -> None:
        """A second delivery while the first is still worked on."""
        if (found := self._message(in_flight=True)) is not None:
            self._world.witness.trace("adversary.expose", message_id=found[1].id)
            self._world.witness.exposed.update({found[1].id, found[1].receipt or ""})
            found[0].expose(found[1].id)

    def _delay(self) -> None:
        """A message that waits becomes visible later than it was promised."""
        if (found := self._message()) is not None and found[1].receipt is None:
            self._world.witness.trace("adversary.delay", message_id=found[1].id)
            found[1].visible_at += self._random.uniform(1, 20)
