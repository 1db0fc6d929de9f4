"""The contract of a worker: a typed handler. Nothing about queues is known here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from schemas.event import Event
from shared.services import Services


@dataclass(frozen=True)
class Delayed:
    """An event to be delivered no sooner than ``seconds`` from now (SQS carries up to 900)."""

    event: Event
    seconds: float


Emitted = Sequence[Event | Delayed]
"""What a handler returns: events for whoever consumes them."""


@dataclass(frozen=True)
class Context:
    """One delivery: the event's id, which attempt this is (1 is the first), and a bound structlog logger."""

    event_id: str
    attempt: int
    log: Any


class Worker(ABC):
    """One stage of the pipeline. Made once per process."""

    name: ClassVar[str]
    """As in queues.yaml: ``doc-ingest``, ``scorer``, …"""

    def __init__(self, services: Services) -> None:
        self.services = services

    @abstractmethod
    async def handle(self, event: Event, context: Context) -> Emitted:
        """Does the event's work and returns what to emit. May run more than once; its effects must be the same."""

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        """Called once an event is given up: records the item as failed and returns what follows."""
        return []

    async def warm_up(self) -> None:  # noqa: B027  (most workers have nothing to load)
        """Loads what is slow to load, before the first message is received."""
