"""The poller: receives what there is room for, several receives side by side under load, one parked one when idle.

A receive that is cancelled on this side goes on at the service, and what it hands out stays invisible until its
visibility ends. So no receive is ever cancelled: the poller stops after those under way, and what they bring is given
back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from shared.clock import Clock
from shared.errors import Retryable, Unreachable
from shared.observe.health import Health
from shared.observe.metrics import Meter
from shared.runtime.backoff import Backoff
from shared.runtime.message import Message
from shared.runtime.pause import Pause
from shared.runtime.policy import describe
from shared.runtime.queue import BATCH, QueueClient
from shared.runtime.room import Room
from shared.runtime.waiting import set_within


class Poller:
    """Hands what each receive brings to ``take``. ``wake`` must be called when room has grown."""

    def __init__(
        self, queue: QueueClient, room: Room, take: Callable[[Sequence[Message]], None], *, clock: Clock,
        pause: Pause, backoff: Backoff, wait_s: int, visibility_s: int, log: Any, meter: Meter, health: Health,
    ) -> None:  # fmt: skip
        self._queue = queue
        self._room = room
        self._take = take
        self._clock = clock
        self._pause = pause
        self._backoff = backoff
        self._wait_s = wait_s
        self._visibility_s = visibility_s
        self._log = log
        self._meter = meter
        self._health = health
        self._polls: set[asyncio.Task[None]] = set()
        self._wanted = 1
        """Receives side by side: a full batch asks for one more, a short one for one less."""
        self._failures = 0
        self._not_before = 0.0
        self._free_since: float | None = None
        """When the first of the places became free that the next receive is to fill."""
        self._error: Exception | None = None
        self._stopped = False
        self._emptied_at: float | None = None
        """When the last receive ended, if it left nothing in the queue, as far as one can tell."""
        self._changed = asyncio.Event()

    def wake(self) -> None:
        self._changed.set()

    def stop(self) -> None:
        """No receive is begun any more; ``run`` returns when those under way have ended."""
        self._stopped = True
        self._changed.set()

    def emptied(self, within_s: float) -> bool:
        """Whether the queue was empty lately: the last receive came back short, and another waits or it was no longer
        ago than that."""
        if self._emptied_at is None:
            return False
        return bool(self._polls) or self._clock.now() - self._emptied_at <= within_s

    async def run(self) -> None:
        """Returns after ``stop``. Raises CloudError when the queue is gone or refuses us."""
        while not self._stopped and self._error is None:
            self._changed.clear()
            wait_s = self._held_s()
            if wait_s <= 0:
                while len(self._polls) < min(self._wanted, self._room.polls) and (count := self._worth_asking()):
                    self._begin(count)
                wait_s = self._gathering_s()
            await (set_within(self._clock, wait_s, self._changed) if wait_s > 0 else self._changed.wait())
        if self._polls:
            await asyncio.wait(self._polls)
        if self._error is not None:
            raise self._error

    def _held_s(self) -> float:
        """Seconds until a receive may begin: somebody is throttled, or the last receive failed."""
        return max(self._pause.left_s(), self._not_before - self._clock.now())

    def _worth_asking(self) -> int:
        return 0 if self._gathering_s() > 0 else self._room.wanted()

    def _gathering_s(self) -> float:
        """Seconds that few free places still wait for more, to share a receive."""
        if not 0 < self._room.wanted() < BATCH or (patience := self._room.patience_s) == 0:
            self._free_since = None
            return 0.0
        now = self._clock.now()
        if self._free_since is None:
            self._free_since = now
        return self._free_since + patience - now

    def _begin(self, count: int) -> None:
        self._free_since = None
        self._room.asked += count
        poll = asyncio.create_task(self._poll(count))
        self._polls.add(poll)
        poll.add_done_callback(self._ended)

    def _ended(self, poll: asyncio.Task[None]) -> None:
        self._polls.discard(poll)
        self._changed.set()

    async def _poll(self, count: int) -> None:
        messages: list[Message] = []
        self._health.poll_began(self._queue.name, asyncio.current_task())
        try:
            messages = await self._queue.receive(count, self._wait_s, self._visibility_s)
            self._received(len(messages), count)
        except (Retryable, Unreachable) as error:
            self._failed(error)
        except Exception as error:
            self._error = error
            self._log.error("receive.given_up", error=describe(error))
        finally:
            self._health.poll_ended(self._queue.name, asyncio.current_task())
            self._room.asked -= count
        if messages:
            self._take(messages)

    def _received(self, messages: int, asked: int) -> None:
        self._failures = 0
        short = messages < asked
        self._emptied_at = self._clock.now() if short else None
        self._wanted = max(1, min(self._wanted + (-1 if short else 1), self._room.polls))
        self._meter.received(messages)

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self._wanted = 1
        self._not_before = self._clock.now() + self._backoff.delay_s(self._failures)
        self._log.warning("receive.failed", error=describe(error), failures=self._failures)
