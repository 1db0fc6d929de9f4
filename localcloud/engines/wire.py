"""How parent and engine child talk: JSON objects, each preceded by its length in four bytes.

Parent to child: ``{"id", "op", …}``; child to parent: ``{"id", "ok"}`` or ``{"id", "error", "kind"}``, and for a
training ``{"id", "step"}`` after each step. Ids tie answers to questions, so that many can be in flight.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">I")
Frame = dict[str, Any]


def pack(frame: Frame) -> bytes:
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _LENGTH.pack(len(body)) + body


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame, or None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    return _parse(stream.read(_LENGTH.unpack(head)[0]))


async def receive_frame(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame, or None when the other side is gone."""
    try:
        head = await reader.readexactly(_LENGTH.size)
        return _parse(await reader.readexactly(_LENGTH.unpack(head)[0]))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def _parse(body: bytes) -> Frame:
    frame: Frame = json.loads(body.decode("utf-8", "surrogatepass"))
    return frame
