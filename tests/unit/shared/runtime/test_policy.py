from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import ChildDied, NotProvisioned, Poison, Retryable, Throttled
from shared.runtime.backoff import Backoff
from shared.runtime.lease import Interrupted
from shared.runtime.policy import Exhausted, GiveUp, TryAgain, judge
from shared.store.idempotency import Claimed

BACKOFF = Backoff(lambda: 0.5)
HOUR = 3600.0


@pytest.mark.parametrize(
    ("error", "claimed", "now", "decision"),
    [
        (Poison("bad"), Claimed(1, 0.0), 1.0, GiveUp("bad")),
        (Interrupted(), Claimed(4, 0.0), 1.0, TryAgain(counted=False, delay_s=0)),
        (Retryable("x", delay_s=7), Claimed(4, 0.0), 1.0, TryAgain(counted=False, delay_s=7)),
        (Throttled("x"), Claimed(1, 0.0, retries=3), 1.0, TryAgain(counted=False, delay_s=8)),
        (NotProvisioned("x"), Claimed(1, 0.0), 1.0, TryAgain(counted=False, delay_s=1)),
        (Retryable("x"), Claimed(1, 0.0), 7 * HOUR, GiveUp("still failing after 6 hours: Retryable: x")),
        (ValueError("x"), Claimed(1, 0.0), 1.0, TryAgain(counted=True, delay_s=1)),
        (ValueError("x"), Claimed(3, 0.0), 1.0, TryAgain(counted=True, delay_s=4)),
        (ValueError("x"), Claimed(4, 0.0), 1.0, GiveUp("given up after 4 attempts; the last: ValueError: x")),
        (ChildDied("x"), Claimed(3, 0.0), 1.0, TryAgain(counted=True, delay_s=4)),
        (ChildDied("x"), Claimed(4, 0.0), 1.0, GiveUp("given up after 4 attempts; the last: ChildDied: x")),
        (Exhausted(), Claimed(5, 0.0, last_error="oh"), 1.0, GiveUp("given up after 4 attempts; the last: oh")),
    ],
)
def test_each_error_has_its_outcome(error: Exception, claimed: Claimed, now: float, decision: object) -> None:
    assert judge(error, claimed, now, 4, BACKOFF) == decision


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 10_000))
def test_delays_are_whole_seconds_between_one_and_the_cap(random: float, tries: int) -> None:
    delay = Backoff(lambda: random, base_s=2.0, cap_s=300.0).delay_s(tries)
    assert isinstance(delay, int) and 1 <= delay <= 300
