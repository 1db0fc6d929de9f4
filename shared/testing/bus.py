"""The event bus in memory."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.envelope import Envelope
from shared.runtime.queue import Outcomes


class FakeBus:
    """Keeps what was put on it."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def put(self, envelopes: Sequence[Envelope]) -> Outcomes:
        self.envelopes.extend(envelopes)
        return [None] * len(envelopes)
