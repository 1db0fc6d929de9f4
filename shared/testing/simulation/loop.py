"""An event loop whose time jumps: when nothing is ready, it is at once the time of the next timer.

Far quicker than a clock that must find out by turns of the loop whether everybody waits, and the order in which things
happen is the same in every run.
"""

from __future__ import annotations

import asyncio
import selectors


class Stuck(RuntimeError):
    """Raised when everything waits and no timer is set."""


class _Jump(selectors.SelectSelector):
    """Selects nothing, ever: ``select`` lets the time pass that the loop is ready to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck("everything waits, and nobody for the clock")
        self.now += max(timeout, 0.0)
        return []


class JumpLoop(asyncio.SelectorEventLoop):
    """Starts at time 0. Nothing outside of the process can be waited for."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now
