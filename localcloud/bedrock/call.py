"""One validated call of an operation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    params: dict[str, Any]
    region: str
    """Of the signature: resources made by the call get it into their ARNs."""


Answer = dict[str, Any]
"""The members of the operation's output; a stream is the list of its events."""
Handler = Callable[[Call], Awaitable[Answer]]
