"""What the judge's outcomes amount to: wins, win rates with intervals, strengths. Pure and deterministic.

Ties count half. Intervals are percentile bootstraps over questions (Efron & Tibshirani 1993, ch. 13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from schemas.judging import Judgement
from schemas.report import JudgeMatch
from workers.scorer.judge.deciding import Outcome, outcome
from workers.scorer.judge.lengths import length_controlled
from workers.scorer.statistics.draws import generator, resampled
from workers.scorer.statistics.intervals import NO_INTERVAL, Interval, percentile
from workers.scorer.statistics.values import Values, mean

POINTS: Mapping[Outcome, float] = {"first": 1.0, "tie": 0.5, "second": 0.0}


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
        win_rate=mean(points),
        low=low,
        high=high,
        length_controlled=length_controlled(points, np.array([length for _, length in decided], dtype=np.float64)),
    )


def interval(points: Values, seed: int, what: str) -> Interval:
    """95 % interval of the mean over questions; None of fewer than two."""
    if points.size < 2:
        return NO_INTERVAL
    sums = resampled(points[:, None], generator(seed, "judge", what))[:, 0]
    return percentile(sums / points.size)
