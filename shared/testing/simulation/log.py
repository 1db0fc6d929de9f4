"""What happened in a schedule, told with the fake time, or not told at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Trace = Callable[..., None]
"""Called with an action and its values."""


def silent(action: str, **values: Any) -> None:
    """Tells nothing."""


class Log:
    """The structlog interface that the runtime uses, for one process of the simulation."""

    def __init__(self, trace: Trace, process: str, **bound: Any) -> None:
        self._trace = trace
        self._process = process
        self._bound = bound

    def bind(self, **values: Any) -> Log:
        return Log(self._trace, self._process, **{**self._bound, **values})

    def _record(self, action: str, **values: Any) -> None:
        values.pop("exc_info", None)
        self._trace(action, process=self._process, **{**self._bound, **values})

    debug = info = warning = error = exception = critical = _record
