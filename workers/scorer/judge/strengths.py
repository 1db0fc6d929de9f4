"""Bradley–Terry strengths of arms from the judge's outcomes, ties counted half to each.

Source: Bradley and Terry (1952); the iteration is Hunter, "MM algorithms for generalized Bradley–Terry models" (2004).
A tie with every opponent is added as a prior, so that an arm which wins everything has a finite strength.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schemas.report import JudgeStrength
from workers.scorer.statistics.draws import generator
from workers.scorer.statistics.values import Values, rounded

Played = tuple[int, int, int, float]
"""Question, place of the first arm, place of the second arm, points of the first: 1, 0.5 or 0."""
DRAWS = 1_000
ROUNDS = 10_000
CLOSE = 1e-10


def strengths(arms: Sequence[str], played: Sequence[Played], seed: int) -> list[JudgeStrength]:
    """Log strengths relative to the first arm, which is 0, with 95 % bootstrap intervals over questions.

    The odds that one arm beats another are the exponential of their difference. An arm that met nobody has none.
    """
    met = sorted({place for _, first, second, _ in played for place in (first, second)})
    if not met:
        return []
    place = {arm: n for n, arm in enumerate(met)}
    arms = [arms[arm] for arm in met]
    played = [(question, place[first], place[second], points) for question, first, second, points in played]
    questions = sorted({question for question, *_ in played})
    won = _by_question(len(arms), played, questions)
    point = fitted(won.sum(axis=0))
    random = generator(seed, "bradley-terry")
    draws = random.integers(0, len(questions), size=(DRAWS, len(questions)))
    resampled = fitted(np.stack([won[chosen].sum(axis=0) for chosen in draws]))
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    return [
        JudgeStrength(arm=arm, strength=rounded(point[n]), low=rounded(low[n]), high=rounded(high[n]))
        for n, arm in enumerate(arms)
    ]


def fitted(won: Values) -> Values:
    """``won[…, i, j]``: points of i against j. Log strengths ``[…, i]``, that of the first 0.

    The odds between arms that never met follow from those they both met.
    """
    games = won + np.swapaxes(won, -1, -2)
    met = games > 0
    won, games = won + 0.5 * met, games + met
    total = won.sum(axis=-1)
    strength = np.ones(won.shape[:-1])
    for _ in range(ROUNDS):
        pairs = strength[..., :, None] + strength[..., None, :]
        new = total / (games / pairs).sum(axis=-1)
        new = new / np.exp(np.log(new).mean(axis=-1, keepdims=True))
        moved, strength = np.abs(np.log(new / strength)).max(), new
        if moved < CLOSE:
            break
    logs = np.log(strength)
    return np.asarray(logs - logs[..., :1])


def _by_question(arms: int, played: Sequence[Played], questions: Sequence[int]) -> Values:
    place = {question: n for n, question in enumerate(questions)}
    won = np.zeros((len(questions), arms, arms))
    for question, first, second, points in played:
        won[place[question], first, second] += points
        won[place[question], second, first] += 1 - points
    return won
