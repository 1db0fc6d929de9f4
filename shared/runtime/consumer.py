"""The consumer of one queue: polls, keeps leases, lets each message flow through, drains.

polling ──stop──► draining: no new receive; what has not started is given back; running handlers get their grace
                     ──► flushing: interrupted handlers and late messages given back; sends and deletes ──► closed
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from shared.observe.metrics import Meter, Way
from shared.runtime.aimd import Aimd
from shared.runtime.backlog_watch import BacklogWatch
from shared.runtime.delivery import Desk
from shared.runtime.flow import Flow
from shared.runtime.heartbeat import Beating
from shared.runtime.leases import LeaseTable
from shared.runtime.message_work import MessageWork
from shared.runtime.poller import Poller
from shared.runtime.queue import QueueClient
from shared.runtime.room import Room
from shared.runtime.settler import Settler
from shared.runtime.undeleted import Undeleted
from shared.runtime.waiting import first_of, within
from shared.store.ports import ObjectStore
from shared.topology import Queue

HANDLERS_SHARE = 0.8
"""Of the grace, for handlers that run; the rest is for giving back, sends and deletes."""
LEAST_S = 1.0
"""For each step of the end, even when the grace is over."""


class Consumer:
    """Runs until ``stop`` is set. ``now`` asks for an end without grace, as a second signal does."""

    def __init__(
        self, desk: Desk, queue: QueueClient, topic: Queue, objects: ObjectStore, beating: Beating, *, grace_s: float,
        wait_s: int,
    ) -> None:  # fmt: skip
        self._clock = desk.clock
        self._log = desk.log
        self._health = desk.health
        self._beating = beating
        self._grace_s = grace_s
        self._leases = LeaseTable(
            topic.worker, desk.clock, topic.visibility_timeout_s, desk.log, jitter=desk.backoff.random,
            on_main=asyncio.get_running_loop().call_soon_threadsafe, beat=desk.health.beat,
            margin=partial(desk.meter.lease_margin, "renewed"), lost=desk.meter.lease_lost,
        )  # fmt: skip
        room = Room(Aimd(topic.concurrency_min, topic.concurrency_max))
        undeleted = Undeleted(topic.worker, desk.store, desk.log)
        work = MessageWork(desk, topic, objects, lambda: self._flow.stopping)
        self._flow = Flow(desk, room, self._leases, work, undeleted)
        self._settler = self._flow.settler = Settler(
            queue, desk.clock, desk.backoff, topic.max_receive_count, desk.log, upstream=lambda: self._flow.may_end,
            undeleted=undeleted.add, settled=partial(_settled, desk.meter),
        )  # fmt: skip
        desk.outbox.lingers_while(lambda: self._flow.may_send)
        self._poller = Poller(
            queue, room, self._flow.take, clock=desk.clock, pause=desk.pause, backoff=desk.backoff, wait_s=wait_s,
            visibility_s=topic.visibility_timeout_s, log=desk.log, meter=desk.meter, health=desk.health,
        )  # fmt: skip
        self._flow.freed = self._poller.wake
        self._watch = BacklogWatch(queue, self._poller, self._flow, desk.meter, desk.clock, desk.log)
        desk.meter.occupied(lambda: self._flow.occupancy)

    async def run(self, stop: asyncio.Event, now: asyncio.Event | None = None) -> None:
        """Returns when drained: nothing in hand, every send and delete confirmed. Raises what ended the poller or the
        heartbeat, after draining."""
        async with self._beating(self._leases) as heartbeat:
            polling, watching = asyncio.create_task(self._poller.run()), asyncio.create_task(self._watch.run())
            await first_of(stop.wait(), asyncio.wait([polling, heartbeat], return_when=asyncio.FIRST_COMPLETED))
            watching.cancel()
            await self._drain(polling, now or asyncio.Event())
            polling.result()
            if heartbeat.done():
                heartbeat.result()

    async def _drain(self, polling: asyncio.Task[None], now: asyncio.Event) -> None:
        end, flow = self._clock.now() + self._grace_s, self._flow
        self._log.info("worker.draining", running=len(flow.started))
        self._health.draining()
        self._poller.stop()
        flow.stop()
        await first_of(within(self._clock, self._grace_s * HANDLERS_SHARE, flow.started), now.wait())
        self._leases.interrupt_all()
        await asyncio.wait([polling])
        left = await within(self._clock, max(end - self._clock.now(), LEAST_S), flow.unfinished)
        for task in left:
            task.cancel()  # a handler that ignores being stopped: its lease ends by itself
        await asyncio.gather(*left, return_exceptions=True)
        # what has just ended goes back by tasks of its own, which wait for renewals under way
        await within(self._clock, max(end - self._clock.now(), LEAST_S), flow.unfinished)
        await self._settler.close(max(end - self._clock.now(), LEAST_S))
        self._log.info("worker.drained", abandoned=len(left), **flow.counts)


async def consume_together(
    consumers: Sequence[Consumer], stop: asyncio.Event, now: asyncio.Event | None = None
) -> None:
    """Runs all consumers of a process; the first that ends lets the others drain, and what ended it is raised."""
    running = [asyncio.create_task(consumer.run(stop, now)) for consumer in consumers]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        outcomes = await asyncio.gather(*running, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


def _settled(meter: Meter, way: Way, margin_s: float) -> None:
    meter.settled(way)
    meter.lease_margin("settled", margin_s)
