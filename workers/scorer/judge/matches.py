"""Which answers are compared: pairs of arms, and the questions that they are compared on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from schemas.base import content_hash
from schemas.experiment import Arm, Experiment

Pair = tuple[Arm, Arm]
"""The arm that is looked at, and the one that it is compared with: the baseline, or an earlier one."""


def pairs(experiment: Experiment) -> list[Pair]:
    """In run.yaml's order."""
    arms = experiment.arms
    if experiment.judging.pairs == "baseline":
        return [(arm, arms[0]) for arm in arms[1:]]
    return [(later, earlier) for earlier, later in combinations(arms, 2)]


def judged_questions(ids: Sequence[str], wanted: int | None, seed: int) -> frozenset[str]:
    """All of them, or as many as are wanted, drawn by the seed: the same ones whichever shard asks."""
    if wanted is None or wanted >= len(ids):
        return frozenset(ids)
    return frozenset(sorted(ids, key=lambda id: content_hash(["judged", seed, id]))[:wanted])
