"""The CloudEvents 1.0 envelope (structured JSON mode) in which every event travels.

Source: CloudEvents specification 1.0.2 and its distributed-tracing extension.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic_core import to_json

from schemas.base import Model, content_hash
from schemas.event import Event
from schemas.events import event_types


class UnknownEventType(ValueError):
    """Raised when no event class has the envelope's type."""


class Envelope(Model):
    """One event on the wire. ``causationid`` is the id of the event whose handling emitted this one."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    dataschema: str
    datacontenttype: Literal["application/json"] = "application/json"
    causationid: str | None = None
    traceparent: str | None = None
    data: dict[str, Any]

    @classmethod
    def wrap(
        cls,
        event: Event,
        *,
        id: str,
        source: str,
        time: datetime,
        cause: str | None = None,
        traceparent: str | None = None,
    ) -> Envelope:
        """The envelope of an event; ``source`` is ``/groundtune/<worker>``."""
        return cls(
            id=id, source=source, type=event.type, subject=event.subject(), time=time,
            dataschema=f"urn:groundtune:schema:{event.type}", causationid=cause, traceparent=traceparent,
            data=event.model_dump(mode="json"),
        )  # fmt: skip

    def event(self) -> Event:
        """The typed event. Raises UnknownEventType, or pydantic's ValidationError when fields are missing."""
        cls = event_types().get(self.type)
        if cls is None:
            raise UnknownEventType(self.type)
        return cls.model_validate(self.data)

    def payload_hash(self) -> str:
        """Hash of type and data: the same id with another hash is poison."""
        return payload_hash(self.type, self.data)


_SCALARS = frozenset({str, int, bool, type(None)})


def payload_hash(event_type: str, data: Mapping[str, Any]) -> str:
    """``content_hash([event_type, data])``. It is kept in records: equal content has the same hash in every version."""
    # Rust writes texts several times faster and byte for byte the same; floats it does not write as Python does
    if _SCALARS.issuperset(map(type, data.values())):
        return content_hash(to_json([event_type, dict(sorted(data.items()))]))
    return content_hash([event_type, data])
