"""The wire between a process and its surroundings: calls take time, fail, or lose their answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from shared.errors import Retryable
from shared.runtime.queue import Outcomes, Refused
from shared.testing.simulation.hazards import Fault, Hazards
from shared.testing.simulation.process import Process
from shared.testing.simulation.witness import Witness

T = TypeVar("T")
E = TypeVar("E")


class Wire:
    """Carries the calls of one process."""

    def __init__(self, process: Process, hazards: Hazards, witness: Witness) -> None:
        self.process = process
        self.hazards = hazards
        self.witness = witness

    async def call(self, what: str, act: Callable[[], Awaitable[T]], *, repeated: bool = False) -> T:
        """The result of ``act``, unless something comes between. ``repeated``: its client repeats a call by itself when
        the answer is lost."""
        fault = self.hazards.fault(what, repeated=repeated)
        await self._way()
        if fault is not Fault.NONE:
            await self._before(what, fault)
        if fault is Fault.TWICE:
            await act()
        result = await act()
        if fault is Fault.KILL_AFTER:
            self.process.kill()
        await self._way()
        if fault is Fault.LOST:
            raise Retryable(f"{what}: the answer was lost")
        return result

    async def _before(self, what: str, fault: Fault) -> None:
        """What a fault does to a call before it takes effect."""
        self.witness.trace(f"call.{fault.name.lower()}", process=self.process.name, what=what)
        if fault is Fault.FREEZE:
            self.process.freeze(self.hazards.frozen_s())
        if fault is Fault.KILL_BEFORE:
            self.process.kill()
        await self.process.going()
        if fault is Fault.ERROR:
            raise self.hazards.error(what)

    def partly(self, what: str, entries: int) -> None:
        """So many entries of a batch are to fail."""
        self.witness.trace("call.partly_failed", process=self.process.name, what=what, entries=entries)

    async def _way(self) -> None:
        if (seconds := self.hazards.latency_s()) > 0:
            await self.process.clock.sleep(seconds)
        elif self.process.halted:
            await self.process.going()


async def batch(
    wire: Wire, what: str, entries: Sequence[E], act: Callable[[Sequence[E]], Awaitable[Outcomes]],
    failing: Mapping[int, bool],
) -> Outcomes:  # fmt: skip
    """Entries by number that are reported as failed, with whether they were carried out."""
    if not failing:
        return await wire.call(what, lambda: act(entries))
    wire.partly(what, len(failing))
    done = [number for number in range(len(entries)) if failing.get(number, True)]

    async def some() -> Outcomes:
        return await act([entries[number] for number in done]) if done else []

    outcomes = dict(zip(done, await wire.call(what, some), strict=True))
    failed = Refused("InternalError", "the adversary says so", permanent=False)
    return [failed if number in failing else outcomes[number] for number in range(len(entries))]
