"""How much work waits in a queue, looked at now and then for whoever scales the fleet."""

from __future__ import annotations

from typing import Any

from shared.clock import Clock
from shared.observe.backlog import backlog, backlog_s
from shared.observe.metrics import Meter
from shared.runtime.flow import Flow
from shared.runtime.policy import describe
from shared.runtime.poller import Poller
from shared.runtime.queue import QueueClient

EVERY_S = 30.0


class BacklogWatch:
    """A receive that came back short says that nothing waits; only without one the queue is asked."""

    def __init__(
        self, queue: QueueClient, poller: Poller, flow: Flow, meter: Meter, clock: Clock, log: Any
    ) -> None:  # fmt: skip
        self._queue = queue
        self._poller = poller
        self._flow = flow
        self._meter = meter
        self._clock = clock
        self._log = log

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._clock.sleep(EVERY_S)
            if self._poller.emptied(EVERY_S):
                self._meter.backlog(0, 0.0)
            else:
                await self._look()

    async def _look(self) -> None:
        try:
            depth = await self._queue.backlog()
        except Exception as error:
            # what is not known is not told: the figure of before stays until the next look
            self._log.warning("backlog.unknown", error=describe(error))
            return
        occupancy = self._flow.occupancy
        waiting = backlog(depth.visible, depth.in_flight, occupancy.running + occupancy.waiting)
        self._meter.backlog(waiting, backlog_s(waiting, self._flow.rate.per_s()))
