"""How late renewals are while handlers block the loop: the heartbeat's thread beside a heartbeat on the same loop.

    python -m benchmarks.runtime.lateness [--rounds 10] [--block 3]

A handler blocks the main loop for some seconds, sleeping and computing in turns. Lateness is the time from the moment
at which a batch of leases is due to the call that renews it. Exits 1 when the thread's 99th percentile is above 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog

from shared.clock import SystemClock
from shared.runtime.heartbeat import Beating, HeartbeatThread, in_this_loop
from shared.runtime.leases import LeaseTable, Renewals
from shared.runtime.message import Message
from shared.runtime.queue import Outcomes
from shared.store.unrecorded import Unrecorded

LIMIT_S = 0.1
VISIBILITY_S = 2
"""Short, so that there are many renewals to judge."""
LEASES = 200


class Watch:
    """The queue that is asked for renewals; tells how late each batch is."""

    name = "watch"

    def __init__(self) -> None:
        self.late: list[float] = []
        self.due: dict[str, float] = {}

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        now = time.time()
        self.late.append(max(0.0, *(now - self.due[receipt] for receipt, _ in changes)))
        return [None] * len(changes)


class Table(LeaseTable):
    """Notes when each lease is due, before it is renewed."""

    def __init__(self, watch: Watch, **rest: Any) -> None:
        super().__init__("bench", SystemClock(), VISIBILITY_S, structlog.get_logger(), **rest)
        self._watch = watch

    def _due(self, now: float) -> list[Any]:
        due = super()._due(now)
        self._watch.due.update({lease.message.receipt: lease.renew_at for lease in due})
        return due


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, help="times that the loop is blocked")
    parser.add_argument("--block", type=float, default=3.0, help="seconds of each")
    options = parser.parse_args()
    ours = asyncio.run(lateness(_thread, options.rounds, options.block))
    same = asyncio.run(lateness(_same_loop, options.rounds, options.block))
    print("renewals while a handler blocks the loop, milliseconds late: median, 99th percentile, most")
    print(_line("heartbeat thread", ours), _line("the same loop", same), sep="\n")
    return 0 if _percentile(ours, 0.99) <= LIMIT_S else 1


async def lateness(place: Callable[[Watch], Any], rounds: int, block_s: float) -> list[float]:
    """Seconds by which each batch was renewed too late."""
    watch = Watch()
    loop = asyncio.get_running_loop()
    table = Table(watch, jitter=lambda: 0.5, on_main=loop.call_soon_threadsafe)
    async with place(watch) as beating, beating(table):
        for start in range(0, LEASES, 10):
            now = time.time()
            table.add([Message(str(n), str(n), "", now + VISIBILITY_S) for n in range(start, start + 10)])
            await asyncio.sleep(VISIBILITY_S / 2 / (LEASES / 10))
        for number in range(rounds):
            block = _sleep if number % 2 else _compute
            block(block_s)
            await asyncio.sleep(0.05)
    return watch.late


@asynccontextmanager
async def _thread(watch: Watch) -> AsyncIterator[Beating]:
    @asynccontextmanager
    async def connection() -> AsyncIterator[None]:
        yield

    async with HeartbeatThread(connection).running() as thread:
        yield thread.beating(lambda there: _renewals(watch))


@asynccontextmanager
async def _same_loop(watch: Watch) -> AsyncIterator[Beating]:
    yield in_this_loop(_renewals(watch))


def _renewals(watch: Any) -> Renewals:
    return Renewals(watch, Unrecorded(time.time))


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _compute(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1000))


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _line(name: str, late: Sequence[float]) -> str:
    figures = (statistics.median(late), _percentile(late, 0.99), max(late))
    return f"{name:17} {' '.join(f'{1000 * value:8.1f}' for value in figures)}   ({len(late)} batches)"


if __name__ == "__main__":
    sys.exit(main())
