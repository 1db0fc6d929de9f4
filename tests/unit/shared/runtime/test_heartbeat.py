"""The heartbeat's thread: real time and a real second thread, over a fake queue."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from math import inf

import pytest
import structlog

from schemas.event import Event
from shared.clock import SystemClock
from shared.errors import Unreachable
from shared.observe.health import Health
from shared.runtime.consumer import Consumer
from shared.runtime.heartbeat import HeartbeatThread
from shared.runtime.lease import Lease
from shared.runtime.leases import LeaseTable, Renewals
from shared.runtime.queue import Outcomes
from shared.runtime.worker import Context, Emitted
from shared.store.idempotency import IdempotencyStore
from shared.store.stored_events import EventArchive
from shared.testing import FakeQueue, MemoryObjectStore, MemoryTable
from tests.unit.shared.runtime.world import World

VISIBILITY_S = 2
BLOCKED_S = 2.5 * VISIBILITY_S


@dataclass
class Connections:
    """What a thread connects with: notes in which thread it was opened and closed."""

    error: Exception | None = None
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[str]:
        self.opened.append(threading.current_thread().name)
        if self.error is not None:
            raise self.error
        yield "connection"
        self.closed.append(threading.current_thread().name)


class Hands:
    """A lease table of the running loop, in real time."""

    def __init__(self, queue: FakeQueue | None = None) -> None:
        clock = SystemClock()
        self.queue = queue or FakeQueue("q", clock)
        self.store = IdempotencyStore(MemoryTable(), EventArchive(MemoryObjectStore()), clock.now)
        self.table = LeaseTable(
            "w", clock, VISIBILITY_S, structlog.get_logger(), jitter=lambda: 0.5,
            on_main=asyncio.get_running_loop().call_soon_threadsafe,
        )  # fmt: skip

    def renewals(self, connection: str) -> Renewals:
        assert connection == "connection"
        return Renewals(self.queue, self.store)

    async def lease(self) -> Lease:
        self.queue.put("body")
        (lease,) = self.table.add(await self.queue.receive(1, 0, VISIBILITY_S))
        return lease


@pytest.fixture(autouse=True)
def leaves_no_thread_behind() -> Iterator[None]:
    yield
    assert "heartbeat" not in {thread.name for thread in threading.enumerate()}


async def test_leases_are_renewed_while_the_main_loop_is_blocked() -> None:
    hands, thread = Hands(), HeartbeatThread(Connections().connect)
    async with thread.running(), thread.beating(hands.renewals)(hands.table):
        lease = await hands.lease()
        time.sleep(BLOCKED_S)  # noqa: ASYNC251  (this is the point)
        assert hands.queue.calls["change_visibility"] >= 2
        assert not lease.lost and hands.queue.in_flight == 1


async def test_one_thread_keeps_the_leases_of_several_tables() -> None:
    one, other, thread = Hands(), Hands(), HeartbeatThread(Connections().connect)
    async with thread.running(), thread.beating(one.renewals)(one.table), thread.beating(other.renewals)(other.table):
        leases = [await one.lease(), await other.lease()]
        time.sleep(BLOCKED_S)  # noqa: ASYNC251
        assert [lease.lost for lease in leases] == [False, False]
        assert one.queue.in_flight == other.queue.in_flight == 1


async def test_a_connection_that_fails_fails_the_caller_at_the_start() -> None:
    connections = Connections(error=Unreachable("nothing answers"))
    with pytest.raises(Unreachable, match="nothing answers"):
        async with HeartbeatThread(connections.connect).running():
            raise AssertionError("it has begun")
    assert (connections.opened, connections.closed) == (["heartbeat"], [])


async def test_the_connection_lives_in_the_thread_and_is_closed_there_even_after_an_error() -> None:
    connections = Connections()
    with pytest.raises(ZeroDivisionError):
        async with HeartbeatThread(connections.connect).running():
            raise ZeroDivisionError
    assert connections.opened == connections.closed == ["heartbeat"]


class Stuck(FakeQueue):
    """A queue whose renewals never come to an end, and take their time to be cancelled, as TLS does."""

    def __init__(self) -> None:
        super().__init__("stuck", SystemClock())
        self.asked, self.ended = threading.Event(), threading.Event()

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        self.asked.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0.2)
            self.ended.set()
        return []


async def test_the_end_cancels_a_renewal_under_way_and_leaves_no_task() -> None:
    queue = Stuck()
    hands, thread = Hands(queue), HeartbeatThread(Connections().connect)
    async with thread.running(), thread.beating(hands.renewals)(hands.table):
        await hands.lease()
        assert await asyncio.to_thread(queue.asked.wait, 30)
    assert queue.ended.is_set()
    assert asyncio.all_tasks(thread._loop) == set()


class Dying(Health):
    """The second turn of the heartbeat fails, which is the first with a message in hand."""

    turns = 0

    def beat(self) -> None:
        self.turns += 1
        if self.turns == 2:
            raise OSError("no more threads")


async def test_a_heartbeat_that_dies_ends_the_consumer_once_it_is_drained() -> None:
    async def longer_than_that(event: Event, context: Context) -> Emitted:
        while health.turns < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        done.append(context.event_id)
        return []

    done: list[str] = []
    health = Dying(poll_limit_s=inf, beat_limit_s=inf)
    world = World(clock=SystemClock(), handler=longer_than_that)  # type: ignore[arg-type]
    topic = world.topic.model_copy(update={"visibility_timeout_s": VISIBILITY_S})
    thread = HeartbeatThread(Connections().connect)
    world.push()
    async with thread.running():
        beating = thread.beating(lambda connection: Renewals(world.queue, world.store))
        desk = replace(world.desk(), health=health)
        consumer = Consumer(desk, world.queue, topic, world.objects, beating, grace_s=20, wait_s=1)
        with pytest.raises(OSError, match="no more threads"):
            await consumer.run(asyncio.Event())
    assert done == ["event-1"] and world.queue.entries == {}
