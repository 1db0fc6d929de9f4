"""What goes wrong, and how often: drawn from the seed. Some schedules are all kills, others all throttles."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from math import inf
from random import Random

from shared.errors import Retryable, Throttled, Unreachable

SLOW_SHARE = 0.3
"""Of the visibility timeout: how long each way of a call takes at most in a slow schedule. Its leases must last."""


class Fault(Enum):
    """What happens to one call."""

    NONE = "none"
    ERROR = "error"
    LOST = "answer lost"
    TWICE = "carried out twice, the second answer arrived"
    FREEZE = "the process froze before it took effect"
    KILL_BEFORE = "killed before it took effect"
    KILL_AFTER = "killed after it took effect"


FAULTS = (Fault.ERROR, Fault.LOST, Fault.TWICE, Fault.FREEZE, Fault.KILL_BEFORE, Fault.KILL_AFTER)


WORST, WORSE = "update", 4
"""The moment to stand still is just before a record is completed: then freezes are so many times as frequent."""


@dataclass(frozen=True)
class Rates:
    """Probabilities for each call, and the storm's moves per minute.

    ``partial`` is for each entry of a batch, ``undeleted`` for each entry of a delete: none of those takes effect.

    ``latency_s`` is the mean of one way of a call, where it takes any time (``quick``: the share where it takes none,
    which saves the simulation some), and ``longest_s`` its bound.
    """

    error: float = 0.0
    lost: float = 0.0
    freeze: float = 0.0
    partial: float = 0.0
    undeleted: float = 0.0
    kill: float = 0.0
    latency_s: float = 0.1
    longest_s: float = inf
    quick: float = 0.7
    kills: float = 0.0
    freezes: float = 0.0
    drains: float = 0.0
    steps: float = 0.0
    repeats: float = 0.0
    storm_s: float = 60.0
    sound: bool = False
    """Calls succeed and processes are not disturbed: then no lease may be lost."""
    gentle: bool = False
    """Sound, and calls are quick: then nothing runs out in the hands of a process, whatever it drains or repeats."""


def drawn(random: Random, visibility_s: int) -> Rates:
    """One schedule in six is gentle and one in eight slow but sound; the others are stormy."""
    kind = random.random()
    if kind < 1 / 6:
        return Rates(
            latency_s=0.1, longest_s=0.3, drains=random.choice([1.0, 4.0]), repeats=random.choice([0, 8.0]),
            storm_s=random.uniform(20, 80), sound=True, gentle=True,
        )  # fmt: skip
    if kind < 1 / 6 + 1 / 8:
        longest = SLOW_SHARE * visibility_s
        return Rates(latency_s=longest, longest_s=longest, quick=0.2, storm_s=random.uniform(20, 80), sound=True)
    return _stormy(random)


def _stormy(random: Random) -> Rates:
    def rate(*choices: float) -> float:
        return random.choice(choices)

    return Rates(
        error=rate(0, 0.01, 0.03, 0.1), lost=rate(0, 0.01, 0.03, 0.1), freeze=rate(0, 0, 0.005, 0.02),
        partial=rate(0, 0.05, 0.3), undeleted=rate(0, 0, 0, 0.7), kill=rate(0, 0.001, 0.003, 0.01),
        latency_s=rate(0.01, 0.1, 1.0), kills=rate(0, 0.5, 3.0), freezes=rate(0, 1.0, 4.0),
        drains=rate(0, 0.5, 3.0), steps=rate(0, 1.0), repeats=rate(0, 1.0, 4.0), storm_s=random.uniform(20, 80),
    )  # fmt: skip


class Hazards:
    """The faults of a schedule while the storm lasts."""

    def __init__(self, random: Random, rates: Rates, visibility_s: int) -> None:
        self._random = random
        self._visibility_s = visibility_s
        self.rates = rates
        self.raging = True
        shares = (rates.error, rates.lost, rates.lost / 2, rates.freeze, rates.kill / 2, rates.kill / 2)
        self._bounds = list(accumulate(shares))

    def fault(self, what: str, *, repeated: bool) -> Fault:
        """For one call. ``repeated``: its client repeats it by itself when the answer is lost."""
        if not self.raging or self.rates.sound:
            return Fault.NONE
        if what == WORST and self._random.random() < WORSE * self.rates.freeze:
            return Fault.FREEZE
        drawn = self._random.random()
        if drawn >= self._bounds[-1]:
            return Fault.NONE
        fault = FAULTS[bisect_right(self._bounds, drawn)]
        return Fault.NONE if fault is Fault.TWICE and not repeated else fault

    def partly(self, entries: int) -> dict[int, bool]:
        """Which entries of a batch fail, and whether each was carried out nevertheless."""
        if not self.raging or not self.rates.partial:
            return {}
        failing = [number for number in range(entries) if self._random.random() < self.rates.partial]
        return {number: self._random.random() < 0.3 for number in failing}

    def undeleted(self, entries: int) -> dict[int, bool]:
        """The same for a delete."""
        if not self.raging or not self.rates.undeleted:
            return self.partly(entries)
        return {number: False for number in range(entries) if self._random.random() < self.rates.undeleted}

    def latency_s(self) -> float:
        """Of one way of a call."""
        random, rates = self._random, self.rates
        return 0.0 if random.random() < rates.quick else min(random.expovariate(1 / rates.latency_s), rates.longest_s)

    def frozen_s(self) -> float:
        """How long a process stands still: often longer than its leases last."""
        return self._random.uniform(1, 3 * self._visibility_s)

    def error(self, what: str) -> Exception:
        kind: type[Exception] = self._random.choice([Retryable, Throttled, Unreachable])
        return kind(f"{what}: the adversary says so")
