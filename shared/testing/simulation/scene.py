"""The work of one schedule: a run whose arms have jobs and shards, and what each shard does to its handler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random

from schemas.events import InferenceShardDue
from shared.errors import Poison, Retryable, Throttled

RUN = "run"


class Fate(Enum):
    """How a shard's handler fares."""

    FINE = "fine"
    SLOW = "outlasts the visibility timeout"
    POISON = "can never succeed until somebody mends it"
    BUG = "raises at every start until somebody mends it"
    FLAKY = "raises at its first start"
    RETRYABLE = "asks for another try, a few times"
    PATIENT = "asks for another try so often that the queue would give it up"
    THROTTLED = "is throttled, a few times"


MAX_RECEIVES = 12
"""Of each queue: so low that messages which only wait come near it."""

FEW_SHARDS = 4
"""Of an arm, at most, in most scenes."""
FEW = {
    Fate.FINE: 8, Fate.SLOW: 2, Fate.POISON: 1, Fate.BUG: 1, Fate.FLAKY: 1, Fate.RETRYABLE: 1, Fate.PATIENT: 1,
    Fate.THROTTLED: 1,
}  # fmt: skip
MANY = {**FEW, Fate.FINE: 80}
LONG = {Fate.FINE: 2, Fate.SLOW: 4, Fate.BUG: 1, Fate.RETRYABLE: 1}
"""Weights of the fates where there are few shards, where there are many, and where calls are slow."""


@dataclass
class Arm:
    """One arm. Its job ends ``job_s`` after it was started; ``told`` times an event says so."""

    name: str
    fates: list[Fate]
    job_s: float
    poll_s: float
    told: int
    trained: bool
    """Its job is done when the schedule begins."""
    deaf: bool
    """The handler of those events raises until somebody mends it."""
    started_at: float | None = None
    finders: set[str] = field(default_factory=set)
    """Who has seen the job's end: ``poll``, ``event``."""

    @property
    def job(self) -> str:
        return f"job-{self.name}"

    @property
    def model(self) -> str:
        return f"model-{self.name}"

    def job_done(self, now: float) -> bool:
        return self.trained or (self.started_at is not None and now >= self.started_at + self.job_s)


@dataclass
class Scene:
    """All arms. ``mended`` is set when somebody mends the bugs before a redrive."""

    arms: dict[str, Arm]
    shards: int
    """Of each arm."""
    work_s: float
    visibility_s: int
    mended: bool = False
    starts: Counter[InferenceShardDue] = field(default_factory=Counter)

    @property
    def large(self) -> bool:
        return self.shards > 2 * FEW_SHARDS

    def fate(self, event: InferenceShardDue) -> Fate:
        return self.arms[event.arm].fates[event.shard]

    def duration_s(self, event: InferenceShardDue, random: Random) -> float:
        if self.fate(event) is Fate.SLOW:
            return self.visibility_s * random.uniform(1, 3)
        return random.expovariate(1 / self.work_s)

    def misbehave(self, event: InferenceShardDue, random: Random) -> None:
        """Raises what the shard's fate says."""
        self.starts[event] += 1
        fate, tries = self.fate(event), self.starts[event]
        if fate is Fate.POISON and not self.mended:
            raise Poison(f"shard {event.shard} is poison")
        if (fate is Fate.BUG and not self.mended) or (fate is Fate.FLAKY and tries == 1):
            raise RuntimeError(f"a bug in shard {event.shard}")
        if fate is Fate.RETRYABLE and tries <= 3:
            raise Retryable("not yet", delay_s=random.choice([None, 0.0, 7.0]))
        if fate is Fate.PATIENT and tries <= MAX_RECEIVES:
            raise Retryable("not yet", delay_s=random.choice([0.0, 1.0]))
        if fate is Fate.THROTTLED and tries <= 3:
            raise Throttled("slow down", delay_s=random.choice([None, 5.0]))


def drawn(random: Random, visibility_s: int, *, slow: bool) -> Scene:
    """One or two arms with one to four shards each; one scene in twelve has dozens of shards that take no time.

    Where calls are slow, shards outlast the visibility timeout, and each event comes once.
    """
    if slow:
        return _scene(random, LONG, 1, 2 * FEW_SHARDS, visibility_s / 2, visibility_s, told=[0])
    arms = random.choice([1, 1, 2])
    if random.random() < 1 / 12:
        return _scene(random, MANY, arms, random.randint(24, 48) // arms, 0.05, visibility_s)
    return _scene(random, FEW, arms, random.randint(1, FEW_SHARDS), random.choice([0.1, 3.0, 8.0]), visibility_s)


def _scene(
    random: Random, weights: dict[Fate, int], arms: int, shards: int, work_s: float, visibility_s: int,
    told: Sequence[int] = (0, 1, 1, 2),
) -> Scene:  # fmt: skip
    named = {f"arm-{number}": _arm(f"arm-{number}", random, weights, shards, told) for number in range(arms)}
    return Scene(named, shards, work_s, visibility_s)


def _arm(name: str, random: Random, weights: dict[Fate, int], shards: int, told: Sequence[int]) -> Arm:
    return Arm(
        name, random.choices(list(weights), list(weights.values()), k=shards), job_s=random.uniform(0, 8),
        poll_s=random.choice([2.0, 5.0, 10.0]) if random.random() < 0.98 else 1000.0,
        told=random.choice(told), trained=random.random() < 0.5,
        deaf=random.random() < 1 / 8,
    )  # fmt: skip
