"""Signals: the first SIGTERM or SIGINT asks to drain, a second one to give everything back at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def draining_on_signals(stop: asyncio.Event, now: asyncio.Event) -> Iterator[None]:
    """Sets ``stop`` at the first signal and ``now`` at the second, while the block runs in the main thread."""
    loop = asyncio.get_running_loop()

    def asked() -> None:
        (now if stop.is_set() else stop).set()

    for number in SIGNALS:
        loop.add_signal_handler(number, asked)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
