"""The dead-letter queue: a message that can never succeed, with the reason beside it."""

from __future__ import annotations

from dataclasses import dataclass

from shared.clock import Clock
from shared.runtime.backoff import Backoff
from shared.runtime.claimcheck import SIZE_ATTRIBUTES
from shared.runtime.message import MAX_ATTRIBUTES, Attribute, Message, Outgoing
from shared.runtime.queue import QueueClient
from shared.runtime.sending import send_all

REASON = "groundtune.reason"
ERROR = "groundtune.error"
SOURCE = "groundtune.source-queue"
ATTEMPTS = "groundtune.attempts"
EVENT = "groundtune.event-id"
STACK_HASH = "groundtune.stack-hash"
SWEPT = "groundtune.swept"
"""On a message that a run's sweep has sent back to its queue: it does so once."""
ADDED = frozenset({REASON, ERROR, SOURCE, ATTEMPTS, EVENT, STACK_HASH, SWEPT})
"""Attributes that are ours; a message that is redriven goes back without them."""
MAX_REASON = 2_000
"""Characters; a reason is for a person."""


@dataclass(frozen=True)
class Verdict:
    """Why a message died: ``error`` is the class, ``event_id`` None when the message could not be decoded.

    ``stack_hash`` (``shared.runtime.stack_hash``) names the bug; None when it was none.
    """

    reason: str
    error: str
    attempts: int
    event_id: str | None = None
    stack_hash: str | None = None


class DeadLetters:
    """Sends to the dead-letter queue of one source queue."""

    def __init__(self, queue: QueueClient, source: str, clock: Clock, backoff: Backoff) -> None:
        self._queue = queue
        self._source = source
        self._clock = clock
        self._backoff = backoff

    async def bury(self, message: Message, body: str, verdict: Verdict) -> None:
        """Sends ``body`` (the message's own, or the part of it that died). Raises Retryable when not confirmed."""
        attributes = self._attributes(message, verdict)
        letter = Outgoing(body, attributes, group=message.group)
        await send_all(self._queue, [letter], self._clock, self._backoff)

    def _attributes(self, message: Message, verdict: Verdict) -> dict[str, Attribute]:
        ours = {
            REASON: Attribute(_sendable(verdict.reason)),
            ERROR: Attribute(verdict.error),
            SOURCE: Attribute(self._source),
            ATTEMPTS: Attribute(str(verdict.attempts), "Number"),
        }
        if verdict.event_id:
            ours[EVENT] = Attribute(_sendable(verdict.event_id))
        if verdict.stack_hash:
            ours[STACK_HASH] = Attribute(verdict.stack_hash)
        original = [(name, value) for name, value in message.attributes.items() if name not in ours]
        original.sort(key=lambda attribute: attribute[0] not in SIZE_ATTRIBUTES)  # without it the body is lost
        return {**ours, **dict(original[: MAX_ATTRIBUTES - len(ours)])}


def _sendable(text: str) -> str:
    """SQS takes no empty text and no control characters."""
    return "".join(c if c.isprintable() else " " for c in text)[:MAX_REASON].strip() or "unknown"
