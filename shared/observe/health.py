"""Whether a worker process lives, and whether it takes work: rules over what the runtime says of itself.

Fed from several threads, and read by the endpoint's, which answers while the main loop is blocked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True)
class Check:
    """One thing looked at; ``detail`` says what was seen."""

    name: str
    ok: bool
    detail: str


class Health:
    """``now`` gives seconds that never go back.

    ``poll_limit_s``: how long one receive may be under way: the long poll and twice what its client adds to it as read
    timeout. ``beat_limit_s``: how long the lease thread may be silent; below the visibility timeout, or it says so too
    late.
    """

    def __init__(self, *, poll_limit_s: float, beat_limit_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._poll_limit_s = poll_limit_s
        self._beat_limit_s = beat_limit_s
        self._now = now
        self._lock = Lock()
        self._polls: dict[tuple[str, Hashable], float] = {}
        self._beat_at: float | None = None
        self._ready = False
        self._draining = False

    def poll_began(self, queue: str, poll: Hashable = 0) -> None:
        """A receive of this queue is under way. ``poll`` tells it from others of the same queue at the same time."""
        with self._lock:
            self._polls[queue, poll] = self._now()

    def poll_ended(self, queue: str, poll: Hashable = 0) -> None:
        """It has been answered, or failed."""
        with self._lock:
            self._polls.pop((queue, poll), None)

    def beat(self) -> None:
        """The lease thread turns."""
        self._beat_at = self._now()

    def ready(self) -> None:
        """The worker is warm and polls. From here on the lease thread must beat."""
        if self._beat_at is None:
            self.beat()
        self._ready = True

    def draining(self) -> None:
        """No new work is taken."""
        self._draining = True

    def live(self) -> list[Check]:
        """A process that fails one of them is beyond help and should be replaced."""
        return [self._polling(), self._leasing()]

    def able(self) -> list[Check]:
        """A process that fails one of them takes no work, for now or for good."""
        return [
            Check("started", self._ready, "it polls" if self._ready else "it has not finished warming up"),
            Check("draining", not self._draining, "it is draining" if self._draining else "it is not draining"),
        ]

    def _polling(self) -> Check:
        with self._lock:
            polls = list(self._polls.items())
        if not polls:
            return Check("polls", True, "no receive is under way")
        (queue, _), began = min(polls, key=lambda poll: poll[1])
        took = self._now() - began
        detail = f"the oldest receive, of {queue}, is under way for {took:.1f} s; the limit is {self._poll_limit_s:g} s"
        return Check("polls", took <= self._poll_limit_s, detail)

    def _leasing(self) -> Check:
        if self._beat_at is None:
            return Check("leases", True, "the lease thread has not been needed yet")
        silent = self._now() - self._beat_at
        detail = f"the lease thread was last heard of {silent:.1f} s ago; the limit is {self._beat_limit_s:g} s"
        return Check("leases", silent <= self._beat_limit_s, detail)
