"""Whose an event is, as the message group of a fair queue.

Source: "Amazon SQS fair queues", SQS Developer Guide: messages of a group that waits long because of its own backlog do
not hold up those of others. Allowed are letters, digits and punctuation of ASCII, at most 128.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import punctuation
from typing import Any
from urllib.parse import quote

from schemas.base import content_hash

MAX_LENGTH = 128
_SAFE = punctuation.replace("%", "")  # what stands for the rest must itself be told apart
_HASH = 16


def tenant(data: Mapping[str, Any]) -> str | None:
    """The corpus of an event's data, else its run; None for an event of neither. Different names stay different."""
    name = data.get("corpus") or data.get("run")
    if not name:
        return None
    group = quote(str(name), safe=_SAFE)
    if len(group) <= MAX_LENGTH:
        return group
    return f"{group[: MAX_LENGTH - _HASH - 1]}~{content_hash(str(name))[:_HASH]}"
