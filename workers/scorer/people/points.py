"""From ranks to points: of k answers the best gets k, the last 1, and equal ones share what their places are worth."""

from __future__ import annotations

from collections.abc import Mapping

TOLERANCE = 1e-6


def expected_sum(arms: int, rankings: int = 1) -> float:
    """All points of so many rankings: k(k + 1)/2 each."""
    return rankings * arms * (arms + 1) / 2


def unaccounted(points: Mapping[str, float], rankings: int = 1) -> float:
    """Points that are missing (or, negative, too many): ties or missing ranks that were not shared out."""
    return expected_sum(len(points), rankings) - sum(points.values())


def points_of(ranks: Mapping[str, float]) -> dict[str, float]:
    """Only the order of the ranks counts, 1 before 2: ``1, 1, 2`` and ``1, 1, 3`` say the same."""
    ordered = sorted(ranks.values())
    return {name: len(ordered) - _middle(ordered, rank) for name, rank in ranks.items()}


def _middle(ordered: list[float], rank: float) -> float:
    """The mean place, from 0, of all that have this rank."""
    return ordered.index(rank) + (ordered.count(rank) - 1) / 2
