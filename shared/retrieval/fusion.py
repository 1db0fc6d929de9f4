"""Two rankings made into one. Pure.

Reciprocal rank fusion: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual rank
learning methods" (2009), with their constant of 60.
"""

from __future__ import annotations

from collections.abc import Sequence

FUSION = 60


def fused(words: Sequence[int], meaning: Sequence[int], depth: int) -> list[int]:
    """The places of two rankings, best first. Only the first ``depth`` of each have a say in what comes first; the
    others follow, in the order that both whole rankings give them. Equal places: as the first ranking has them.

    A ranking that is wrong about a question has it all wrong, and a chunk that comes thirtieth in both would still pass
    one that comes first in the other: so each names but few. (``python -m benchmarks.inference`` measures this.)
    """
    first, whole = _scores(words[:depth], meaning[:depth]), _scores(words, meaning)
    return sorted(dict.fromkeys((*words, *meaning)), key=lambda place: (-first.get(place, 0.0), -whole[place]))


def _scores(*rankings: Sequence[int]) -> dict[int, float]:
    """Summed to 12 digits, so that the order of summing decides nothing."""
    scores = dict[int, float]()
    for ranking in rankings:
        for rank, place in enumerate(ranking, 1):
            scores[place] = scores.get(place, 0.0) + 1 / (FUSION + rank)
    return {place: round(score, 12) for place, score in scores.items()}
