"""How many handlers run at once, found by trying: additive increase, multiplicative decrease.

One more after every window of completions that came about as fast as they do without a crowd; a tenth fewer when they
came twice as slowly; half as many when a service throttled. Any such pair of steps converges on a fair share of what
the service has: D.-M. Chiu, R. Jain, "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance", 1989.

Latency is compared as Netflix's concurrency-limits does (its gradient limits), with two differences, each for a reason:

- The baseline is not a running mean or minimum of everything. A mean learns the latency of its own crowd and lets the
  limit creep up; a minimum takes the luckiest event for the rule. It is measured where the crowd cannot be the cause:
  at the lowest limit and, now and then, in a window at a quarter of the limit (as BBR's ProbeRTT does). At a quarter
  because of a limit that is far too high, half is still too high: its latency would be half, which is no alarm.
- It is kept by kind of event: a second of one kind beside a millisecond of another is a mix, not a crowd.
"""

from __future__ import annotations

from collections import defaultdict

WINDOW = 10
"""Completions at least that one decision rests on, however low the limit is."""
CALM = 1.5
"""Up to so many times the baseline there is room for one more."""
CROWDED = 2.0
"""Above so many times the baseline there are too many."""
COOLDOWN_S = 5.0
"""Ten handlers that are throttled at once are one signal."""
PROBE_S = 60.0
PROBE_WINDOWS = 50
"""The baseline is measured again after both: four of some fifty rounds at a quarter cost 6 % of the work at most."""

Window = dict[str, list[float]]
"""Seconds by kind of event."""


class Aimd:
    """A limit between ``low`` and ``high``, both at least 1. ``now`` is a time in seconds that does not go back.

    ``kind`` is the type of the event, of which there are few; each is compared with its own past.
    """

    def __init__(self, low: int, high: int) -> None:
        if not 1 <= low <= high:
            raise ValueError(f"bounds of concurrency are 1 <= low <= high, not {low} and {high}")
        self._low = low
        self._high = high
        self._limit = low
        self._probing = False
        self._baseline: dict[str, float] = {}
        self._window: Window = defaultdict(list)
        self._early = 0
        self._changed_at = float("-inf")
        self._windows = 0
        self._measured_at = float("-inf")
        self._throttled_at = float("-inf")

    @property
    def limit(self) -> int:
        """How many may run at once."""
        return max(self._low, self._limit // 4) if self._probing else self._limit

    def finished(self, seconds: float, *, saturated: bool, now: float, kind: str = "") -> None:
        """A handler came to an end by itself after ``seconds``. ``saturated``: as many ran as the limit allows.

        What ran with places to spare says nothing about the limit, and what began before the limit last fell or
        jumped says something about another one: both are left out.
        """
        if not saturated or self._low == self._high:
            return
        if now - seconds < self._changed_at:
            return
        if self._early:
            self._early -= 1
            return
        self._window[kind].append(seconds)
        if sum(map(len, self._window.values())) >= max(self.limit, WINDOW):
            window, self._window = self._window, defaultdict(list)
            self._decide(window, now)

    def throttled(self, now: float) -> None:
        """A service asked a handler to slow down."""
        if now - self._throttled_at >= COOLDOWN_S:
            self._throttled_at = now
            self._limit = max(self._low, self._limit // 2)
            self._changed(now)

    def _decide(self, window: Window, now: float) -> None:
        calm = self._probing or self._limit == self._low
        self._learn(window, trusted=calm)
        if calm:
            self._windows, self._measured_at = 0, now
        if self._probing:
            self._probing = False
            self._changed(now)
            return
        self._windows += 1
        self._adjust(window, now)
        if self._windows >= PROBE_WINDOWS and now - self._measured_at >= PROBE_S:
            self._probing = True
            self._changed(now)

    def _learn(self, window: Window, *, trusted: bool) -> None:
        """Half of what a trusted window says; all that any window says of a kind that comes for the first time."""
        for kind, seconds in window.items():
            mean = sum(seconds) / len(seconds)
            known = self._baseline.setdefault(kind, mean)
            if trusted:
                self._baseline[kind] = (known + mean) / 2

    def _adjust(self, window: Window, now: float) -> None:
        took = sum(map(sum, window.values()))
        expected = sum(len(seconds) * self._baseline[kind] for kind, seconds in window.items())
        if took > CROWDED * expected:
            self._limit = max(self._low, self._limit * 9 // 10)
            self._changed(now)
        elif took <= CALM * expected:
            self._limit = min(self._high, self._limit + 1)

    def _changed(self, now: float) -> None:
        """A new limit shows in what begins from now on, and not in its first: just after a jump the quick ones end."""
        self._changed_at = now
        self._early = self.limit
        self._window.clear()
