"""How strongly the ranker's weights are held to their prior: what ranks rows that it was not fitted to best.

A few rows say little and must not overrule the prior; many may. Cross-validation over the training rows tells, with
the loss that training follows: another strength than the usual one is taken when its mean loss is lower by more than
the standard error of the difference (the one-standard-error rule: Breiman et al., "CART", 1984, 3.4.3). The rows of a
fold are fitted all at once, which is quick and near enough to compare.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from localcloud.engines.extractive.adam import Adam
from localcloud.engines.extractive.examples import Example
from localcloud.engines.extractive.ranker import Vector, prior

STRENGTHS = (4.0, 1.0, 16.0)
"""The usual one first; each is worth about as much as so many rows."""
LEAST_ROWS = 8
"""Fewer cannot tell."""
MOST_ROWS = 300
FOLDS = 3
_STEPS, _STEP = 60, 0.05


def strength(examples: Sequence[Example]) -> float:
    """One of ``STRENGTHS``. Folds are every third row, so that the same rows give the same answer."""
    used = examples[:MOST_ROWS]
    if len(used) < LEAST_ROWS:
        return STRENGTHS[0]
    losses = np.hstack([_losses(used, fold) for fold in range(FOLDS)])
    gains = losses[0] - losses
    errors = gains.std(axis=1) / math.sqrt(len(used))
    sure = np.round(np.where(gains.mean(axis=1) > errors, gains.mean(axis=1), 0.0), 6)
    return STRENGTHS[int(np.argmax(sure))]


def _losses(examples: Sequence[Example], fold: int) -> Vector:
    """A row for each strength, of the losses on the fold's examples after fitting the others."""
    rest = Rows([example for place, example in enumerate(examples) if place % FOLDS != fold])
    held_out = Rows(examples[fold::FOLDS])
    return np.vstack([held_out.losses(_fitted(rest, pull)) for pull in STRENGTHS])


class Rows:
    """Examples under one another, so that all are ranked by one product."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._count = len(examples)
        self._matrix = np.vstack([example.matrix for example in examples])
        self._target = np.concatenate([example.target for example in examples])
        self._sizes = np.asarray([len(example.target) for example in examples])
        self._starts = np.concatenate([[0], np.cumsum(self._sizes)[:-1]])

    def losses(self, weights: Vector) -> Vector:
        """Of each example the cross-entropy of the target with the ranker's shares."""
        return np.asarray(-np.add.reduceat(self._target * np.log(self._shares(weights) + 1e-12), self._starts))

    def gradient(self, weights: Vector, pull: float) -> Vector:
        """Of the mean loss, with the pull of the prior."""
        away = self._matrix.T @ (self._shares(weights) - self._target) + pull * (weights - prior())
        return np.asarray(away / self._count)

    def _shares(self, weights: Vector) -> Vector:
        values = self._matrix @ weights
        powers = np.exp(values - np.repeat(np.maximum.reduceat(values, self._starts), self._sizes))
        return np.asarray(powers / np.repeat(np.add.reduceat(powers, self._starts), self._sizes))


def _fitted(rows: Rows, pull: float) -> Vector:
    weights, adam = prior(), Adam(len(prior()))
    for _ in range(_STEPS):
        weights = weights - _STEP * adam.direction(rows.gradient(weights, pull))
    return weights
