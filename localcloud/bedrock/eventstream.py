"""Answers that AWS sends as an event stream (``application/vnd.amazon.eventstream``).

Each message: lengths of the whole and of its headers and their CRC-32; headers; payload; the CRC-32 of all before.
"""

from __future__ import annotations

import json
from binascii import crc32
from collections.abc import Iterable
from struct import pack
from typing import Any

CONTENT_TYPE = "application/vnd.amazon.eventstream"
Event = dict[str, Any]
"""One member of the stream's union: ``{"messageStart": {"role": "assistant"}}``."""

_FRAME = 16
"""Bytes of a message that are neither headers nor payload."""
_STRING = 7


def encode(events: Iterable[Event]) -> bytes:
    """The events as one body, in their order."""
    return b"".join(_message(name, payload) for event in events for name, payload in event.items())


def _message(name: str, payload: dict[str, Any]) -> bytes:
    body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
    named = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(_header(key, value) for key, value in named.items())
    prelude = pack("!II", _FRAME + len(headers) + len(body), len(headers))
    message = prelude + pack("!I", crc32(prelude)) + headers + body
    return message + pack("!I", crc32(message))


def _header(name: str, value: str) -> bytes:
    return pack("!B", len(name)) + name.encode() + pack("!BH", _STRING, len(value)) + value.encode()
