"""Room for messages: how many to ask a queue for, so that batches stay full and none waits long.

Beyond those that are handled there are ten *leased places*: a receive of ten has room while the handlers are still
busy. They are given up when handlers are slow, since a message that waits here could be handled by an idle worker.
"""

from __future__ import annotations

from shared.runtime.aimd import Aimd
from shared.runtime.queue import BATCH

PREFETCH_BELOW_S = 1.0
"""Mean handler time up to which the leased places are used: ten messages then wait for seconds, not minutes."""
PATIENCE_SHARE, PATIENCE_S = 0.05, 1.0
"""Of the mean handler time, and at most: so long may a free place wait for others to be free, to share a receive."""
SMOOTHING = 0.2
"""Weight of the latest handler time in the mean."""


class Room:
    """The places of one queue. ``tuner`` says how many messages may be handled at a time."""

    def __init__(self, tuner: Aimd) -> None:
        self.tuner = tuner
        self.in_hand = 0
        """Messages that wait or are handled."""
        self.asked = 0
        """Messages that receives under way may bring."""
        self._mean_s: float | None = None

    @property
    def limit(self) -> int:
        return self.tuner.limit

    @property
    def leased_places(self) -> int:
        """None before the first handler has ended: it may be a slow one."""
        return BATCH if self._mean_s is not None and self._mean_s <= PREFETCH_BELOW_S else 0

    def wanted(self) -> int:
        """How many messages to ask for now; 0 while fewer than a full batch would fit and something is worked on."""
        free = min(self.limit + self.leased_places - self.in_hand - self.asked, BATCH)
        worth = BATCH if self.leased_places and self.in_hand else 1
        return free if free >= worth else 0

    @property
    def patience_s(self) -> float:
        """How long to wait for a fuller batch. Quick handlers need none: their receives have the leased places."""
        if self._mean_s is None or self.leased_places or not self.in_hand:
            return 0.0
        return min(PATIENCE_S, PATIENCE_SHARE * self._mean_s)

    @property
    def polls(self) -> int:
        """Receives side by side that can make sense."""
        return max(1, (self.limit + self.leased_places) // BATCH)

    def handled(self, seconds: float) -> None:
        """A handler has ended after this time."""
        before = seconds if self._mean_s is None else self._mean_s
        self._mean_s = before + SMOOTHING * (seconds - before)
