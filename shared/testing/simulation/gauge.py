"""What a consumer's own measurements tell of a schedule."""

from __future__ import annotations

from collections.abc import Callable

from shared.observe.metrics import Occupancy, Outcome, Silent


class Gauge(Silent):
    """The meter of one consumer whose concurrency starts at ``low``; ``saw`` counts what happened."""

    def __init__(self, saw: Callable[[str], None], low: int) -> None:
        self._saw = saw
        self._low = low
        self._read: Callable[[], Occupancy] = lambda: Occupancy(0, 0, low)

    def occupied(self, read: Callable[[], Occupancy]) -> None:
        self._read = read

    def handled(self, event_type: str | None, outcome: Outcome, seconds: float | None = None) -> None:
        self._saw(f"delivery.{outcome}")
        occupancy = self._read()
        if occupancy.waiting:
            self._saw("room.leased_places_used")
        if occupancy.limit > self._low:
            self._saw("room.concurrency_raised")
