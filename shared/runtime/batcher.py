"""Entries that come one by one, sent ten at a time.

A batch waits for more only as long as more may come: ``upstream`` says whether anything is under way that may add to
it. Nothing under way, ten entries, or the end of the first entry's linger: it goes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared.clock import Clock
from shared.errors import CloudError, Retryable
from shared.runtime.queue import BATCH, Outcomes, Refused

E = TypeVar("E")
Done = Callable[[Refused | None], None]

TURN_S = 0.25
"""How often a lingering batch looks whether it is due, at least: entries that come later may be due sooner."""


class Batcher(Generic[E]):
    """``call`` sends up to ten entries. ``weight`` and ``limit`` bound a batch beyond their number."""

    def __init__(
        self, call: Callable[[Sequence[E]], Awaitable[Outcomes]], clock: Clock, upstream: Callable[[], bool],
        *, weight: Callable[[E], int] = lambda entry: 0, limit: int = 1,
    ) -> None:  # fmt: skip
        self._call = call
        self._clock = clock
        self._upstream = upstream
        self._weight = weight
        self._limit = limit
        self._waiting: list[tuple[E, Done]] = []
        self._load = 0
        self._due = float("inf")
        self._timer: asyncio.Task[None] | None = None
        self._calls: set[asyncio.Task[None]] = set()

    def add(self, entry: E, done: Done, linger_s: float) -> None:
        """Sends the entry with its batch, at the latest ``linger_s`` from now; ``done`` hears what became of it."""
        weight = self._weight(entry)
        if self._waiting and self._load + weight > self._limit:
            self.flush()
        self._waiting.append((entry, done))
        self._load += weight
        self._due = min(self._due, self._clock.now() + linger_s)
        if len(self._waiting) >= BATCH:
            self.flush()
        else:
            # what else ends in this turn of the loop shall go along
            asyncio.get_running_loop().call_soon(self.settle_down)

    def settle_down(self) -> None:
        """Something upstream has ended: sends what waits when nothing is left there."""
        if self._waiting and not self._upstream():
            self.flush()
        elif self._waiting and self._timer is None:
            self._timer = asyncio.create_task(self._time())

    def flush(self) -> None:
        """Sends what waits."""
        batch, self._waiting, self._load, self._due = self._waiting, [], 0, float("inf")
        if batch:
            call = asyncio.create_task(self._send(batch))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    @property
    def idle(self) -> bool:
        return not (self._waiting or self._calls)

    async def _time(self) -> None:
        """Flushes when an entry is due."""
        while self._waiting and self._upstream() and (left := self._due - self._clock.now()) > 0:
            await self._clock.sleep(min(left, TURN_S))
        self._timer = None
        self.flush()

    async def _send(self, batch: list[tuple[E, Done]]) -> None:
        outcomes = await self._outcomes([entry for entry, _ in batch])
        for (_, done), outcome in zip(batch, outcomes, strict=True):
            done(outcome)

    async def _outcomes(self, entries: list[E]) -> Outcomes:
        """A call that fails as a whole refuses each of its entries."""
        try:
            return await self._call(entries)
        except (Retryable, CloudError) as error:
            return [Refused(type(error).__name__, str(error), permanent=False)] * len(entries)
        except Exception as error:
            # whatever it is, nobody may wait for ever for an outcome that never comes
            return [Refused(type(error).__name__, str(error), permanent=True)] * len(entries)
