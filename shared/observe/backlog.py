"""How much work waits, in the unit that scaling needs: seconds that this worker alone would take for all of it.

Divided by the longest wait that is acceptable it is the number of workers wanted (AWS: "backlog per instance", Amazon
EC2 Auto Scaling user guide, "Scaling policy based on Amazon SQS"). All of it is pure: time comes in as durations.
"""

from __future__ import annotations

import math

MEMORY_S = 60.0
"""Seconds of full work after which what was measured before counts 1/e."""


class Rate:
    """How many messages a second this worker gets done with every slot taken, from what it has done lately.

    By Little's law: slots by the mean time that a message takes one, both as exponentially weighted sums in which a
    message counts with its own duration. So a worker half busy is not taken for a slow one, an idle one keeps the rate
    that it last had, and messages that take longer than the memory are measured as well as short ones. What a message
    takes is known when it ends: one that is stuck changes nothing until then.
    """

    def __init__(self, limit: int, memory_s: float = MEMORY_S) -> None:
        self.limit = limit
        """Slots; it may change."""
        self._memory_s = memory_s
        self._taken_s = 0.0
        self._finished = 0.0

    def ended(self, seconds: float, *, finished: bool) -> None:
        """A message had taken a slot for so long. ``finished`` unless it comes again: that costs time for nothing."""
        seconds = max(seconds, 0.0)
        faded = math.exp(-seconds / (self.limit * self._memory_s))
        self._taken_s = self._taken_s * faded + seconds
        self._finished = self._finished * faded + (1.0 if finished else 0.0)

    def per_s(self) -> float | None:
        """Messages a second; 0 while none was finished, None while none has ended."""
        return self.limit * self._finished / self._taken_s if self._taken_s else None


def backlog(visible: int, in_flight: int, ours: int) -> int:
    """Messages that wait or are in other workers' hands, from a queue's approximate counts and what we hold."""
    return max(0, visible + in_flight - ours)


def backlog_s(messages: int, per_s: float | None) -> float | None:
    """Seconds that a worker of this rate would need for so many messages.

    Nothing waiting takes 0 seconds whatever the rate. With a rate of 0, or an unknown one, anything else takes nobody
    knows how long: None, never infinity, which an autoscaler would take for a number.
    """
    if messages == 0:
        return 0.0
    return messages / per_s if per_s else None
