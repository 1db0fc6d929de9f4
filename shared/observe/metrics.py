"""What a worker process measures of one queue: the contract that the runtime speaks to.

Names and meanings are in docs/observability.md. Methods called per message are cheap, and any thread may call them:
the lease thread renews and bills while the main loop handles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Outcome = Literal["completed", "repeated", "released", "failed", "poison", "busy", "lost"]
"""How the delivery of one event ended: handled; its stored events sent again; back to the queue for another try; given
up; dead-lettered at once (undecodable, conflicting); in progress elsewhere; its lease passed to somebody else."""
Way = Literal["deleted", "given_back"]
"""How a message left our hands."""
Moment = Literal["renewed", "settled"]
"""When the time that was left of a lease is looked at."""


@dataclass(frozen=True)
class Occupancy:
    """Messages whose handler runs, messages in hand that wait for their turn, and how many handlers may run at once."""

    running: int
    waiting: int
    limit: int


class Meter(Protocol):
    """The measurements of one queue."""

    def received(self, messages: int) -> None:
        """A receive has answered with so many messages; 0 is an empty receive."""
        ...

    def started(self, queued_s: float) -> None:
        """A message's handling starts so many seconds after it was sent (SQS's ``SentTimestamp``)."""
        ...

    def handled(self, event_type: str | None, outcome: Outcome, seconds: float | None = None) -> None:
        """An event's delivery has ended. ``event_type`` is None when nothing could be decoded: never a sender's own
        words. ``seconds`` of its handler, None when it did not run."""
        ...

    def lease_margin(self, moment: Moment, seconds: float) -> None:
        """So much of a lease was left when it was renewed or its message settled; below 0: too late."""
        ...

    def lease_lost(self, code: str) -> None:
        """A lease ended against our will; ``code`` is the queue's, or the runtime's own."""
        ...

    def billed(self, operation: str, requests: int = 1) -> None:
        """An API call was made (``receive``, …) that counts as so many requests; see ``billed_units``."""
        ...

    def settled(self, way: Way, messages: int = 1) -> None:
        """So many messages were settled, confirmed by the queue."""
        ...

    def loop_lag(self, seconds: float) -> None:
        """The main loop took so long to answer a ping."""
        ...

    def blocked(self, handler: str, seconds: float) -> None:
        """``handler`` kept the main loop from turning for so long."""
        ...

    def backlog(self, messages: int, seconds: float | None) -> None:
        """Work that waits, see ``shared.observe.backlog``; ``seconds`` None while this worker's rate is unknown."""
        ...

    def occupied(self, read: Callable[[], Occupancy]) -> None:
        """Tells where to read the occupancy: at each scrape, from another thread."""
        ...


class Silent:
    """Measures nothing."""

    def received(self, messages: int) -> None:
        pass

    def started(self, queued_s: float) -> None:
        pass

    def handled(self, event_type: str | None, outcome: Outcome, seconds: float | None = None) -> None:
        pass

    def lease_margin(self, moment: Moment, seconds: float) -> None:
        pass

    def lease_lost(self, code: str) -> None:
        pass

    def billed(self, operation: str, requests: int = 1) -> None:
        pass

    def settled(self, way: Way, messages: int = 1) -> None:
        pass

    def loop_lag(self, seconds: float) -> None:
        pass

    def blocked(self, handler: str, seconds: float) -> None:
        pass

    def backlog(self, messages: int, seconds: float | None) -> None:
        pass

    def occupied(self, read: Callable[[], Occupancy]) -> None:
        pass
