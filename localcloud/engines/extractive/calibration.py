"""After training: how eagerly to go on and to cite, set to what fits the training answers best.

The heads are fitted to single decisions; what counts is the whole answer and the whole set of links. Only each
head's bias moves, over a short list of shifts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from localcloud.engines.extractive.citing import CITE_NAMES, addresses, cite_by_model, cited
from localcloud.engines.extractive.examples import Example
from localcloud.engines.extractive.length import STOP_NAMES
from localcloud.engines.extractive.model import ReaderModel, rounded
from localcloud.engines.extractive.overlap import overlap
from localcloud.engines.extractive.ranker import Vector, scores
from localcloud.engines.extractive.reader import pick

SHIFTS = (0.0, -0.25, 0.25, -0.5, 0.5, -1.0, 1.0, -1.5, 1.5, -2.0, -3.0)
"""Smaller ones first: of equally good ones the first is taken."""
LEAST_GAIN = 0.002
MOST_ROWS = 300


def calibrated(model: ReaderModel, examples: Sequence[Example]) -> ReaderModel:
    """The model with both biases set."""
    rows = [(example, scores(example.matrix, model.rank)) for example in examples[:MOST_ROWS]]
    stops = [replace(model, stop=_shifted(model.stop, STOP_NAMES, shift)) for shift in SHIFTS]
    model = _best(stops, [np.mean([_nearness(m, *row) for row in rows]) for m in stops])
    picked = [(example, pick(example.pool, values, example.asked, model), values) for example, values in rows]
    cites = [replace(model, cite=_shifted(model.cite, CITE_NAMES, shift)) for shift in SHIFTS]
    return _best(cites, [np.mean([_exact(m, *row) for row in picked]) for m in cites])


def _shifted(weights: Vector, names: Sequence[str], shift: float) -> Vector:
    moved = weights.copy()
    moved[names.index("bias")] += shift
    return rounded(moved)


def _best(models: Sequence[ReaderModel], values: Sequence[np.floating]) -> ReaderModel:
    best = 0
    for place, value in enumerate(values):
        if value > values[best] + LEAST_GAIN:
            best = place
    return models[best]


def _nearness(model: ReaderModel, example: Example, values: Vector) -> float:
    text = [token for i in pick(example.pool, values, example.asked, model) for token in example.said[i]]
    return overlap(text, example.wanted)


def _exact(model: ReaderModel, example: Example, picks: Sequence[int], values: Vector) -> float:
    urls = set(cite_by_model(example.pool, picks, values, model.cite))
    wanted = cited(example.pool, example.row.answer)
    return float([url in urls for url in addresses(example.pool)] == [bool(value) for value in wanted])
