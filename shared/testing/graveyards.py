"""The dead-letter queues in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from schemas.event import Event


class MemoryGraveyards:
    """``crashed`` holds what SQS moved, by worker; ``sent_back`` what a sweep has sent back: it does so once."""

    def __init__(self) -> None:
        self.crashed: dict[str, list[Event]] = defaultdict(list)
        self.sent_back: list[tuple[str, Event]] = []

    async def send_back_crashed(self, worker: str, wanted: Callable[[Event], bool]) -> list[Event]:
        found = [event for event in self.crashed[worker] if wanted(event) and (worker, event) not in self.sent_back]
        self.crashed[worker] = [event for event in self.crashed[worker] if event not in found]
        self.sent_back += [(worker, event) for event in found]
        return found
