"""The work of one schedule: arms with their jobs and shards, and what each shard does to its handler."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from random import Random

from schemas.events import ArmPredicted, InferenceShardDue, PredictionsReady
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
    THROTTLED = "is throttled, a few times"


WEIGHTS = {
    Fate.FINE: 8, Fate.SLOW: 2, Fate.POISON: 1, Fate.BUG: 1, Fate.FLAKY: 1, Fate.RETRYABLE: 1, Fate.THROTTLED: 1,
}  # fmt: skip


@dataclass
class Arm:
    """One arm. Its job ends ``job_s`` after it was started; ``told`` times an event says so."""

    name: str
    fates: list[Fate]
    job_s: float
    poll_s: float
    told: int
    started_at: float | None = None

    @property
    def job(self) -> str:
        return f"job-{self.name}"

    def job_done(self, now: float) -> bool:
        return self.started_at is not None and now >= self.started_at + self.job_s

    def shard_due(self, shard: int) -> InferenceShardDue:
        return InferenceShardDue(run=RUN, arm=self.name, shard=shard, model=f"model-{self.name}")

    def predictions(self, shard: int) -> PredictionsReady:
        return PredictionsReady(run=RUN, arm=self.name, shard=shard)

    @property
    def closing(self) -> ArmPredicted:
        return ArmPredicted(run=RUN, arm=self.name)

    @property
    def group(self) -> str:
        return f"{RUN}/{self.name}"


@dataclass
class Scene:
    """All arms. ``mended`` is set when somebody mends the bugs before a redrive."""

    arms: dict[str, Arm]
    work_s: float
    visibility_s: int
    mended: bool = False
    starts: Counter[InferenceShardDue] = field(default_factory=Counter)

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
        if fate is Fate.THROTTLED and tries <= 3:
            raise Throttled("slow down", delay_s=random.choice([None, 5.0]))


def drawn(random: Random, *, gentle: bool) -> Scene:
    """A scene of one or two arms with one to four shards each.

    A gentle one has only fates that are fine, and one finder of a job's end: with two, one may find the other's event
    busy, and give it back with a delay.
    """
    visibility_s = random.choice([10, 30])
    arms = [_arm(f"arm-{number}", random, gentle=gentle) for number in range(random.choice([1, 1, 2]))]
    return Scene({arm.name: arm for arm in arms}, work_s=random.choice([0.1, 2.0, 6.0]), visibility_s=visibility_s)


def _arm(name: str, random: Random, *, gentle: bool) -> Arm:
    fates = [Fate.FINE] if gentle else list(WEIGHTS)
    weights = [WEIGHTS[fate] for fate in fates]
    return Arm(
        name, random.choices(fates, weights, k=random.randint(1, 4)), job_s=random.uniform(1, 60),
        poll_s=random.choice([5.0, 15.0, 30.0]) if random.random() < 0.95 else 1000.0,
        told=0 if gentle else random.choice([0, 1, 1, 2]),
    )  # fmt: skip
