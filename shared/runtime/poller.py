"""The poller: receives only what there is room for, and is never cancelled.

A receive that is cancelled on this side goes on at the service, and what it hands out stays invisible until its
visibility ends. So the poller stops by itself, after the receive under way, and what that brought is given back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from shared.clock import Clock
from shared.errors import Retryable, Unreachable
from shared.runtime.backoff import Backoff
from shared.runtime.message import Message
from shared.runtime.pause import Pause
from shared.runtime.policy import describe
from shared.runtime.queue import BATCH, QueueClient
from shared.runtime.slots import Slots
from shared.runtime.waiting import first_of


class Poller:
    """Hands every message of one queue to ``start``, which frees a slot for each when it is done."""

    def __init__(
        self, queue: QueueClient, slots: Slots, start: Callable[[Message], None], *, clock: Clock, pause: Pause,
        backoff: Backoff, wait_s: int, visibility_s: int, log: Any,
    ) -> None:  # fmt: skip
        self._queue = queue
        self._slots = slots
        self._start = start
        self._clock = clock
        self._pause = pause
        self._backoff = backoff
        self._wait_s = wait_s
        self._visibility_s = visibility_s
        self._log = log

    async def run(self, stop: asyncio.Event) -> None:
        """Returns after ``stop``. Raises CloudError when the queue is gone or refuses us."""
        failures = 0
        while not stop.is_set():
            await first_of(self._pause.wait(), stop.wait())
            room = await self._slots.take(BATCH)
            if stop.is_set():
                self._slots.give(room)
                break
            try:
                messages = await self._queue.receive(room, self._wait_s, self._visibility_s)
                failures = 0
            except (Retryable, Unreachable) as error:
                messages, failures = [], failures + 1
                self._log.warning("receive.failed", error=describe(error), failures=failures)
            self._slots.give(room - len(messages))
            for message in messages:
                self._start(message)
            if failures:
                await first_of(self._clock.sleep(self._backoff.delay_s(failures)), stop.wait())
