"""The port through which a worker looks into the dead-letter queues of all workers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from schemas.event import Event


class Graveyards(Protocol):
    """Dead-letter queues. Messages that nobody wants stay where they are."""

    async def send_back_crashed(self, worker: str, wanted: Callable[[Event], bool]) -> list[Event]:
        """Sends messages that SQS itself moved to ``worker``'s dead-letter queue back to its queue, each once.

        These are the crash net's: no worker lived long enough to record what failed. Only those whose event is
        ``wanted``; returns their events. Looks at a bounded number of messages.
        """
        ...
