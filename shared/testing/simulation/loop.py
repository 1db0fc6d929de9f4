"""An event loop whose time jumps: when nothing is ready, it is at once the time of the next timer.

Far quicker than a clock that must find out by turns of the loop whether everybody waits, and the order in which things
happen is the same in every run. A schedule takes thousands of turns, so a turn is cheap: the loop knows callbacks,
timers, futures and tasks, and no files, sockets, threads or debugging.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")


class Stuck(RuntimeError):
    """Raised when everything waits and no timer is set."""


Call = tuple[Callable[..., object], tuple[Any, ...], Context]


class Timer:
    """A call that time will bring, unless it is cancelled."""

    __slots__ = ("call",)

    def __init__(self, call: Call) -> None:
        self.call: Call | None = call

    def cancel(self) -> None:
        self.call = None

    def cancelled(self) -> bool:
        return self.call is None


class JumpLoop(asyncio.AbstractEventLoop):
    """Starts at time 0; ``now`` is its time. ``raised`` collects what callbacks that are no tasks have raised."""

    def __init__(self) -> None:
        self.now = 0.0
        self.raised: list[Exception] = []
        self._ready: deque[Call] = deque()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()

    def play(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The coroutine's result; what else still runs then is cancelled. Raises Stuck when no time can pass."""
        asyncio._set_running_loop(self)
        try:
            main: asyncio.Task[T] = self.create_task(coroutine)
            try:
                self._turn_until(main.done)
            finally:
                for task in asyncio.all_tasks(self):
                    task.cancel()
                self._turn_until(lambda: not asyncio.all_tasks(self))
            return main.result()
        finally:
            asyncio._set_running_loop(None)

    def sleep(self, seconds: float) -> asyncio.Future[None]:
        """Done after so much time."""
        slept: asyncio.Future[None] = asyncio.Future(loop=self)
        self.call_at(self.now + seconds, _wake, slept)
        return slept

    def _turn_until(self, over: Callable[[], bool]) -> None:
        ready, timers = self._ready, self._timers
        while not over():
            while timers and timers[0][2].call is None:
                heappop(timers)
            if not ready:
                if not timers:
                    raise Stuck("everything waits, and nobody for the clock")
                self.now = max(self.now, timers[0][0])
            while timers and timers[0][0] <= self.now:
                if (call := heappop(timers)[2].call) is not None:
                    ready.append(call)
            # what these make ready is for the next turn, as in every event loop
            for _ in range(len(ready)):
                callback, args, context = ready.popleft()
                try:
                    context.run(callback, *args)
                except Exception as error:
                    self.raised.append(error)

    # what asyncio asks of a loop

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> Any:  # type: ignore[override]
        """Returns nothing: nobody cancels what is called at once."""
        self._ready.append((callback, args, copy_context() if context is None else context))

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> Any:  # type: ignore[override]
        return self.call_at(self.now + delay, callback, *args, context=context)

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> Any:  # type: ignore[override]
        timer = Timer((callback, args, copy_context() if context is None else context))
        heappush(self._timers, (when, next(self._order), timer))
        return timer

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: str | None = None, context: Context | None = None) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, name=name, context=context)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Told of errors that nobody asked for, as those of killed processes: dropped."""

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False


def _wake(slept: asyncio.Future[None]) -> None:
    if not slept.done():
        slept.set_result(None)
