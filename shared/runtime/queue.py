"""The port to a queue: four batch operations, each answering entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.runtime.message import Message, Outgoing

BATCH = 10
"""Entries of one call, at most."""
MAX_WAIT_S = 20
MAX_DELAY_S = 900
MAX_VISIBILITY_S = 43_200
"""Twelve hours, in all, from the receive on."""


@dataclass(frozen=True)
class Refused:
    """Why one entry of a batch failed. ``permanent``: the same entry will fail again."""

    code: str
    message: str
    permanent: bool


@dataclass(frozen=True)
class Backlog:
    """Messages of a queue, as SQS counts them: approximately. ``delayed`` are those not due yet."""

    visible: int
    in_flight: int
    delayed: int


Outcomes = list[Refused | None]
"""One per entry, in the order submitted; None for what succeeded."""


class QueueClient(Protocol):
    """One queue. A call that fails as a whole raises Retryable, Throttled or a CloudError."""

    name: str

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        """Up to ``limit`` (1 to 10) messages after waiting up to ``wait_s``. Must never be cancelled: what the
        service has already handed out would stay invisible."""
        ...

    async def delete(self, receipts: Sequence[str]) -> Outcomes:
        """Up to ten receipts."""
        ...

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        """Up to ten (receipt, seconds from now); 0 gives the message back at once."""
        ...

    async def backlog(self) -> Backlog:
        """How many messages there are."""
        ...

    async def send(self, messages: Sequence[Outgoing]) -> Outcomes:
        """Up to ten messages of together 1 MiB."""
        ...
