"""What the judge's outcomes amount to: wins, win rates with intervals, strengths. Pure and deterministic.

Ties count half. Intervals are percentile bootstraps over questions (Efron & Tibshirani 1993, ch. 13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.base import content_hash
from schemas.judging import Judgement
from schemas.report import JudgeMatch
from workers.scorer.judge.deciding import Outcome, outcome
from workers.scorer.judge.lengths import length_controlled

Values = NDArray[np.float64]
POINTS: Mapping[Outcome, float] = {"first": 1.0, "tie": 0.5, "second": 0.0}
DRAWS = 10_000
_BLOCK = 1_000_000
"""Indices drawn at a time, so that memory stays flat."""


def match_of(
    arm: str, against: str, judgements: Sequence[Judgement], lengths: Sequence[float], seed: int
) -> JudgeMatch:
    """One pair of arms. ``judgements`` have ``arm`` as the first, one per question; ``lengths`` are, for each, how much
    longer the arm's answer is, in characters. A question with an error is counted, and is no part of the rate."""
    outcomes = [outcome(found) for found in judgements]
    decided = [(POINTS[end], length) for end, length in zip(outcomes, lengths, strict=True) if end != "error"]
    points = np.array([point for point, _ in decided], dtype=np.float64)
    low, high = interval(points, seed, f"{arm} against {against}")
    return JudgeMatch(
        arm=arm,
        against=against,
        n=points.size,
        wins=outcomes.count("first"),
        ties=outcomes.count("tie"),
        losses=outcomes.count("second"),
        errors=outcomes.count("error"),
        win_rate=_rounded(points.mean()) if points.size else None,
        low=low,
        high=high,
        length_controlled=length_controlled(points, np.array([length for _, length in decided], dtype=np.float64)),
    )


def interval(points: Values, seed: int, what: str) -> tuple[float | None, float | None]:
    """95 % interval of the mean over questions; None of fewer than two."""
    if points.size < 2:
        return None, None
    random = np.random.default_rng(np.random.SeedSequence(int(content_hash([seed, "judge", what])[:32], 16)))
    step = max(1, min(DRAWS, _BLOCK // points.size))
    means = [
        points[random.integers(0, points.size, size=(min(step, DRAWS - start), points.size))].mean(axis=1)
        for start in range(0, DRAWS, step)
    ]
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975])
    return _rounded(low), _rounded(high)


def _rounded(value: float) -> float:
    return round(float(value), 6) + 0.0
