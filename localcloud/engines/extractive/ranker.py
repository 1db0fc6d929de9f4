"""Which pieces answer: a linear score over the features, with a prior set by hand and never fitted to any text here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from localcloud.engines.extractive.features import NAMES, Matrix

Vector = npt.NDArray[np.float64]

_PRIOR = {
    "coverage": 3.0,
    "coverage_relative": 1.0,
    "precision": 1.5,
    "pairs": 2.0,
    "grams": 1.5,
    "heading": 0.6,
    "title": 0.2,
    "with_heading": 1.5,
    "lead": 0.5,
    "rank_first": 0.3,
    "rank": 0.5,
    "document_best": 0.5,
    "opening": 0.1,
    "position": -0.1,
    "length": 0.6,
    "short": -1.0,
    "long": -0.3,
    "before": 0.4,
    "after": 0.2,
    "code": -0.8,
    "number_digits": 0.8,
    "when_digits": 0.8,
    "command_code": 1.5,
    "command_marks": 0.8,
    "procedure_step": 0.6,
    "procedure_item": 0.2,
    "definition_is": 0.5,
    "reason_because": 0.6,
    "several_list": 0.3,
    "row_number": 0.2,
    "introduces": -0.8,
    "asks": -1.5,
    "fragment": -0.8,
    "names": 1.5,
    "under_best_heading": 0.3,
    "beyond_title": 1.5,
    "about_page": -1.5,
    "row_name": 2.0,
}
"""Weights that are not 0."""


def prior() -> Vector:
    """The base model's weights, in the order of the features' names."""
    return np.asarray([_PRIOR.get(name, 0.0) for name in NAMES])


def as_vector(weights: dict[str, float]) -> Vector:
    """Stored weights in the features' order; a name that is missing keeps its prior."""
    return np.asarray([weights.get(name, _PRIOR.get(name, 0.0)) for name in NAMES])


def as_mapping(vector: Vector) -> dict[str, float]:
    """Weights by name, rounded: what is stored is exactly what is used."""
    return {name: round(float(value), 6) for name, value in zip(NAMES, vector, strict=True)}


def scores(matrix: Matrix, weights: Vector) -> Vector:
    """One score per piece; higher answers better."""
    return np.asarray(np.round(matrix @ weights, 9))


def softmax(values: Vector) -> Vector:
    """Shares that sum to 1."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum())
