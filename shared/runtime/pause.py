"""A pause that all handlers of a process share: one throttled call holds the others, too."""

from __future__ import annotations

from shared.clock import Clock


class Pause:
    """Until when nothing new is started."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Nothing starts for this long; a longer pause already set stands."""
        self._until = max(self._until, self._clock.now() + seconds)

    def left_s(self) -> float:
        """Seconds that are left of it; 0 when nothing is held up."""
        return max(0.0, self._until - self._clock.now()) if self._until else 0.0
