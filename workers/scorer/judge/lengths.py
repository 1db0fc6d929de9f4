"""The win rate that an arm would have if its answers were as long as the other's.

A logistic regression of the outcome on tanh of the standardised difference in length; its intercept alone is the rate.
Source: Dubois et al., "Length-Controlled AlpacaEval: A Simple Way to Debias Automatic Evaluators" (2024), its length
term; the ridge keeps the fit finite where one arm wins everything.
"""

from __future__ import annotations

import numpy as np

from workers.scorer.statistics.values import Values

RIDGE = 0.1
ROUNDS = 50
LEAST = 10
"""Below as many questions the regression says nothing."""


def length_controlled(points: Values, longer: Values) -> float | None:
    """``points``: 1 won, 0.5 tied, 0 lost, by question; ``longer``: how much longer the arm's answer is.

    None for too few questions. Where all answers differ in length by the same, there is nothing to control for, and
    the length term takes no part.
    """
    if points.size < LEAST:
        return None
    spread = float(longer.std())
    length = np.tanh(longer / spread) if spread > 0 else np.zeros_like(longer)
    features = np.column_stack([np.ones_like(length), length])
    weights = _fitted(features, points)
    return round(float(1 / (1 + np.exp(-weights[0]))), 6)


def _fitted(features: Values, points: Values) -> Values:
    """Newton's method on the penalised log likelihood, which is strictly concave."""
    weights = np.zeros(features.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-(features @ weights)))
        gradient = features.T @ (points - chance) - RIDGE * weights
        curvature = (features.T * (chance * (1 - chance))) @ features + RIDGE * np.eye(weights.size)
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    return weights
