"""Losses of the three heads with their gradients. Weights stay near their prior, so that few rows cannot overfit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from localcloud.engines.extractive.features import Matrix
from localcloud.engines.extractive.ranker import Vector, softmax

_TINY = 1e-12


@dataclass(frozen=True)
class Loss:
    """A value and its gradient."""

    value: float
    gradient: Vector


def listwise(matrix: Matrix, target: Vector, weights: Vector) -> Loss:
    """Cross-entropy of the pieces' shares against the target's (ListNet: Cao et al., 2007), less its own entropy."""
    shares = softmax(matrix @ weights)
    value = float(np.sum(target * (np.log(target + _TINY) - np.log(shares + _TINY))))
    return Loss(value, matrix.T @ (shares - target))


def logistic(matrix: Matrix, target: Vector, weights: Vector) -> Loss:
    """Mean binary cross-entropy against soft targets; 0 without rows."""
    if not len(matrix):
        return Loss(0.0, np.zeros(len(weights)))
    chance = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
    value = -np.mean(target * np.log(chance + _TINY) + (1 - target) * np.log(1 - chance + _TINY))
    return Loss(float(value), matrix.T @ (chance - target) / len(matrix))


def pull(weights: Vector, prior: Vector, strength: float) -> Loss:
    """Squared distance from the prior."""
    away = weights - prior
    return Loss(float(strength * away @ away / 2), strength * away)
