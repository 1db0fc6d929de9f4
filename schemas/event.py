"""The base of all events, and their deterministic ids."""

from __future__ import annotations

import hashlib
import uuid
from typing import ClassVar

from schemas.base import Model, canonical_json

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://groundtune.dev/events")
"""Namespace of every event id, so that ids are the same on every machine."""


class Event(Model):
    """What a worker consumes or emits. ``type`` carries the version: ``groundtune.<noun>.<verb>.v1``."""

    type: ClassVar[str] = ""

    def subject(self) -> str:
        """What the event is about, as a path: ``corpus/<c>/document/<sha>`` or ``run/<r>/arm/<a>``."""
        raise NotImplementedError

    def identity(self) -> str | None:
        """A name for events that are known by what they say (fan-in, state transition); None: by their cause."""
        return None


def event_id(event: Event, *, cause: str, ordinal: int) -> str:
    """UUIDv5 of the event's identity, or of (cause's id, type, ordinal): a handler run twice emits the same ids."""
    name = event.identity()
    key = [event.type, name] if name is not None else [cause, event.type, ordinal]
    return _uuid5(canonical_json(key))


def _uuid5(name: str) -> str:
    """``str(uuid.uuid5(NAMESPACE, name))`` (RFC 9562, 5.5), without the object in between."""
    digest = bytearray(hashlib.sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
