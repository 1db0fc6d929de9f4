"""What goes wrong, and how often: drawn from the seed. Some schedules are all kills, others all throttles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random

from shared.errors import Retryable, Throttled, Unreachable


class Fault(Enum):
    """What happens to one call."""

    NONE = "none"
    ERROR = "error"
    LOST = "answer lost"
    KILL_BEFORE = "killed before it took effect"
    KILL_AFTER = "killed after it took effect"


@dataclass(frozen=True)
class Rates:
    """Probabilities for each call (``partial``: for each entry of a batch), and the storm's moves per minute."""

    error: float
    lost: float
    partial: float
    kill: float
    latency_s: float
    kills: float
    freezes: float
    drains: float
    steps: float
    repeats: float
    storm_s: float
    gentle: bool


def drawn(random: Random) -> Rates:
    """One schedule in six is gentle: nothing but drains, whose effect can then be judged to the message."""
    if random.random() < 1 / 6:
        return Rates(0, 0, 0, 0, 0.05, 0, 0, random.choice([1.0, 4.0]), 0, 0, random.uniform(30, 120), gentle=True)

    def rate(*choices: float) -> float:
        return random.choice(choices)

    return Rates(
        error=rate(0, 0.01, 0.05, 0.2), lost=rate(0, 0.01, 0.05, 0.2), partial=rate(0, 0.05, 0.3),
        kill=rate(0, 0.001, 0.005, 0.02), latency_s=rate(0.01, 0.1, 1.0), kills=rate(0, 0.5, 3.0),
        freezes=rate(0, 0.5, 2.0), drains=rate(0, 0.5, 3.0), steps=rate(0, 1.0), repeats=rate(0, 1.0, 4.0),
        storm_s=random.uniform(30, 120), gentle=False,
    )  # fmt: skip


class Hazards:
    """The faults of a schedule while the storm lasts; ``calm`` ends it."""

    def __init__(self, random: Random, rates: Rates) -> None:
        self._random = random
        self.rates = rates
        self.raging = True

    def calm(self) -> None:
        self.raging = False

    def fault(self) -> Fault:
        """For one call."""
        if not self.raging:
            return Fault.NONE
        rates, drawn = self.rates, self._random.random()
        for fault, probability in (
            (Fault.ERROR, rates.error), (Fault.LOST, rates.lost), (Fault.KILL_BEFORE, rates.kill / 2),
            (Fault.KILL_AFTER, rates.kill / 2),
        ):  # fmt: skip
            if drawn < probability:
                return fault
            drawn -= probability
        return Fault.NONE

    def partial(self) -> bool:
        """Whether one entry of a batch fails."""
        return self.raging and self._random.random() < self.rates.partial

    def took_effect(self) -> bool:
        """Whether an entry that is reported as failed was carried out nevertheless."""
        return self._random.random() < 0.3

    def latency_s(self) -> float:
        """Of one way of a call; most take no time, which saves the simulation some."""
        return 0.0 if self._random.random() < 0.7 else self._random.expovariate(1 / self.rates.latency_s)

    def error(self, what: str) -> Exception:
        kind: type[Exception] = self._random.choice([Retryable, Throttled, Unreachable])
        return kind(f"{what}: the adversary says so")
