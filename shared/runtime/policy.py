"""What becomes of an event whose handling raised: a pure decision."""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import ChildDied, CloudError, Poison, Retryable
from shared.runtime.backoff import GIVE_UP_RETRYING_S, Backoff
from shared.runtime.lease import Interrupted
from shared.store.idempotency import Claimed


@dataclass(frozen=True)
class TryAgain:
    """Back to the queue for ``delay_s``; ``counted`` when the start used up one of the event's attempts."""

    counted: bool
    delay_s: float


@dataclass(frozen=True)
class GiveUp:
    """To the dead-letter queue, with the reason."""

    reason: str


class Exhausted(Exception):
    """Raised when an event was started as often as it may be, and no start came to an end."""


def judge(error: Exception, claimed: Claimed, now: float, max_attempts: int, backoff: Backoff) -> TryAgain | GiveUp:
    """Poison and exhausted events are given up; what passes is tried for six hours; a bug for ``max_attempts``."""
    if isinstance(error, Interrupted):
        return TryAgain(counted=False, delay_s=0)
    if isinstance(error, Poison):
        return GiveUp(error.reason)
    # a CloudError is nothing that the message could help: credentials expired, the endpoint away
    if isinstance(error, Retryable | CloudError) and not isinstance(error, ChildDied):
        if now - claimed.first_claimed_at > GIVE_UP_RETRYING_S:
            return GiveUp(f"still failing after {GIVE_UP_RETRYING_S // 3600} hours: {describe(error)}")
        asked = error.delay_s if isinstance(error, Retryable) else None
        return TryAgain(counted=False, delay_s=backoff.delay_s(claimed.retries + 1) if asked is None else asked)
    if isinstance(error, Exhausted) or claimed.attempt >= max_attempts:
        attempts = min(claimed.attempt, max_attempts)
        return GiveUp(f"given up after {attempts} attempts; the last: {_last(error, claimed)}")
    return TryAgain(counted=True, delay_s=backoff.delay_s(claimed.attempt))


def describe(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {error}"


def _last(error: Exception, claimed: Claimed) -> str:
    if isinstance(error, Exhausted):
        return claimed.last_error or "the process died while it was handled"
    return describe(error)
