"""The queues of the toy pipeline, and which processes serve them: drawn from the seed."""

from __future__ import annotations

from random import Random

from schemas.event import Event
from schemas.events import (
    ArmPredicted,
    ComparisonDue,
    DatasetReady,
    InferenceShardDue,
    JobPollDue,
    JobStateChanged,
    ModelReady,
    PredictionsReady,
)
from shared.testing.simulation.scene import MAX_RECEIVES, Scene
from shared.topology import Concurrency, Queue, Topology

CONSUMES: dict[str, tuple[type[Event], ...]] = {
    "launcher": (DatasetReady, JobPollDue, JobStateChanged),
    "inference": (ModelReady, InferenceShardDue),
    "scorer": (PredictionsReady, ArmPredicted, ComparisonDue),
}
REPEATABLE = frozenset({"launcher", "scorer"})
"""Workers whose effects may repeat. A shard's may not: a late copy of a given-up one would be answered after all, and
counted for a revision that is not its own."""


def topology(random: Random, scene: Scene) -> Topology:
    """The three queues."""
    concurrency: int | Concurrency = random.choice([1, 2, 4, 12])
    if random.random() < (0.5 if scene.large else 0.1):
        concurrency = Concurrency(min=1, max=12)
    repeatable = REPEATABLE if random.random() < 1 / 6 else frozenset()
    queues = (
        Queue(
            worker=worker, consumes=tuple(event.type for event in consumes), concurrency=concurrency,
            visibility_timeout_s=scene.visibility_s, max_receive_count=MAX_RECEIVES, idempotent=worker in repeatable,
        )
        for worker, consumes in CONSUMES.items()
    )  # fmt: skip
    return Topology(version=1, queues=tuple(queues))


def crews(random: Random) -> dict[tuple[str, ...], int]:
    """How many processes there are of each kind: mostly one kind a worker, sometimes one for all, or for two."""
    kinds: list[tuple[str, ...]] = [(worker,) for worker in CONSUMES]
    if random.random() < 1 / 6:
        kinds = random.choice([[tuple(CONSUMES)], [("launcher", "scorer"), ("inference",)]])
    return {kind: random.choice([1, 2]) for kind in kinds}
