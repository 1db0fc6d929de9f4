"""A probe of the main loop's lag, from a thread of its own, that names what keeps the loop from turning.

asyncio's own debug mode tells of slow callbacks only once they are over, and not where they were; seen from another
thread, a blocked loop shows its current task and the frames in which it stands.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

EVERY_S = 0.1
BLOCKED_S = 0.25
INNERMOST = 5
"""Frames reported."""
NO_TASK = "(no task)"

Task = asyncio.Task[Any]


class LagProbe:
    """Made in the thread of ``loop``, before it is blocked for the first time.

    ``on_lag(seconds)``: what each ping took to be answered. ``on_blocked(handler, seconds, where)``: once a blockage,
    when it is over; ``where`` lists the innermost frames at the time it was noticed, ``file:line function``, innermost
    first. The seconds count from the last ping, so they miss up to ``every_s`` of the beginning. Both are called in
    the probe's thread. ``name_of`` gives the handler that a task works for.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, on_lag: Callable[[float], None],
        on_blocked: Callable[[str, float, str], None], name_of: Callable[[Task], str] = Task.get_name,
        every_s: float = EVERY_S, blocked_s: float = BLOCKED_S,
    ) -> None:  # fmt: skip
        self._loop = loop
        self._thread = threading.get_ident()
        self._on_lag = on_lag
        self._on_blocked = on_blocked
        self._name_of = name_of
        self._every_s = every_s
        self._blocked_s = blocked_s

    def run(self, stop: threading.Event) -> None:
        """Probes until ``stop`` is set or the loop is closed."""
        while not stop.wait(self._every_s):
            ping = _Ping()
            try:
                self._loop.call_soon_threadsafe(ping.answer)
            except RuntimeError:
                return  # closed
            self._await(ping, stop)

    def _await(self, ping: _Ping, stop: threading.Event) -> None:
        culprit = None if ping.answered.wait(self._blocked_s) else self._culprit()
        if culprit is not None and ping.answered.is_set():
            culprit = None  # it went on while it was looked at: whoever was seen may be innocent
        while not (ping.answered.wait(self._every_s) or stop.is_set()):
            pass
        seconds = ping.seconds()
        if ping.answered.is_set():
            self._on_lag(seconds)
        if culprit is not None:
            self._on_blocked(culprit[0], seconds, culprit[1])

    def _culprit(self) -> tuple[str, str]:
        # a loop that is not blocked has no current task; a plain callback that blocks has none either
        task = asyncio.current_task(self._loop)
        return NO_TASK if task is None else self._name_of(task), _where(sys._current_frames().get(self._thread))


class _Ping:
    """Answered in the loop's thread, which also notes the time: this one may wake later."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self._sent = time.monotonic()
        self._answered_at: float | None = None

    def answer(self) -> None:
        self._answered_at = time.monotonic()
        self.answered.set()

    def seconds(self) -> float:
        """Until the answer, or until now."""
        return (time.monotonic() if self._answered_at is None else self._answered_at) - self._sent


def _where(frame: FrameType | None) -> str:
    lines: list[str] = []
    while frame is not None and len(lines) < INNERMOST and not _of_asyncio(frame):
        lines.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_qualname}")
        frame = frame.f_back
    return " < ".join(lines) or "(in the loop itself)"


def _of_asyncio(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith("asyncio.")
