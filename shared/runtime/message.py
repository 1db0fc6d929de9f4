"""Messages as the runtime sees them, whatever queue carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attribute:
    """A message attribute. ``type`` is ``String`` or ``Number``; SQS carries ten of them at most."""

    value: str
    type: str = "String"


@dataclass(frozen=True)
class Message:
    """One delivery. ``deadline`` is when its visibility ends (Unix seconds), counted from before it was asked for.

    ``sent_at`` is when it was sent (Unix seconds; None when the queue does not say), ``group`` its ``MessageGroupId``.
    """

    id: str
    receipt: str
    body: str
    deadline: float
    receive_count: int = 1
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    sent_at: float | None = None
    group: str | None = None


@dataclass(frozen=True)
class Outgoing:
    """A message to send, invisible for ``delay_s`` (0 to 900) seconds; ``group``: whose it is, for fair queues."""

    body: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    delay_s: int = 0
    group: str | None = None

    @property
    def size(self) -> int:
        """Bytes that count towards SQS's limit: body, and name, type and value of each attribute."""
        parts = [self.body, *(part for name, a in self.attributes.items() for part in (name, a.type, a.value))]
        return sum(len(part.encode()) for part in parts)
