"""The loop-lag probe at work: its thread, and where what it finds is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from shared.observe.lag import LagProbe
from shared.observe.metrics import Meter

OTHER = "other"
"""Of a task that a handler has made, and does not name."""


def handler_name(worker: str, event_type: str) -> str:
    """The name of the task in which a handler runs, by which a blockage is known."""
    return f"{worker}/{event_type}"


@contextmanager
def probing(meters: Mapping[str, Meter], log: Any) -> Iterator[None]:
    """Probes the running loop while the block runs. ``meters`` by worker: all of them lag when the loop does."""

    def lagged(seconds: float) -> None:
        for meter in meters.values():
            meter.loop_lag(seconds)

    def blocked(task: str, seconds: float, where: str) -> None:
        worker, slash, event_type = task.partition("/")
        handler = event_type if slash else OTHER
        log.warning("loop.blocked", handler=handler, seconds=round(seconds, 3), where=where)
        for meter in [meters[worker]] if worker in meters else meters.values():
            meter.blocked(handler, seconds)

    probe = LagProbe(asyncio.get_running_loop(), on_lag=lagged, on_blocked=blocked)
    stop = threading.Event()
    thread = threading.Thread(target=probe.run, args=(stop,), name="loop-lag", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(1)
