"""Messages as the runtime sees them, whatever queue carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_ATTRIBUTES = 10
"""Of one message."""


@dataclass(frozen=True)
class Attribute:
    """A message attribute. ``type`` is ``String`` or ``Number``."""

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

    @property
    def size(self) -> int:
        """Bytes, as ``Outgoing.size`` counts them."""
        return payload_bytes(self.body, self.attributes)


@dataclass(frozen=True)
class Outgoing:
    """A message to send, invisible for ``delay_s`` (0 to 900) seconds; ``group``: whose it is, for fair queues."""

    body: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    delay_s: int = 0
    group: str | None = None

    @property
    def size(self) -> int:
        """Bytes that count towards SQS's limit and bill: body, and name, type and value of each attribute."""
        return payload_bytes(self.body, self.attributes)


def payload_bytes(body: str, attributes: Mapping[str, Attribute]) -> int:
    parts = [body, *(part for name, a in attributes.items() for part in (name, a.type, a.value))]
    return sum(len(part.encode()) for part in parts)
