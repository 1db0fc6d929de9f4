"""Krippendorff's alpha: agreement of any number of raters, values missing, beyond chance.

K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); 1 is perfect, 0 what chance gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from schemas.people import Estimate
from workers.scorer.statistics.draws import Matrix, generator, resampled
from workers.scorer.statistics.intervals import percentile
from workers.scorer.statistics.values import Values, rounded

Level = Literal["nominal", "ordinal", "interval", "ratio"]

Units = Sequence[Sequence[float]]
"""Of each unit the values that its raters gave, in any order; a unit with one value says nothing."""


def alpha(units: Units, level: Level) -> float | None:
    """None where no unit has two values, or all values are equal."""
    values = _values([units])
    found = float(_alphas(_coincidences(units, values)[None], values, level)[0])
    return rounded(found) if np.isfinite(found) else None


def alpha_with_interval(clusters: Sequence[Units], level: Level, seed: Sequence[object]) -> Estimate:
    """``clusters``: the units of one question each, which are resampled together."""
    estimate = alpha([unit for units in clusters for unit in units], level)
    if estimate is None or len(clusters) < 2:
        return Estimate(value=estimate)
    values = _values(clusters)
    flat = np.stack([_coincidences(units, values).ravel() for units in clusters])
    drawn = resampled(flat, generator(*seed, "alpha")).reshape(-1, values.size, values.size)
    low, high = percentile(_alphas(drawn, values, level))
    return Estimate(value=estimate, low=low, high=high)


def _values(clusters: Sequence[Units]) -> Values:
    return np.array(sorted({value for units in clusters for unit in units for value in unit}), dtype=np.float64)


def _coincidences(units: Units, values: Values) -> Matrix:
    """How often two raters of a unit gave the values c and k: values by values, each unit weighing as its raters."""
    found: Matrix = np.zeros((values.size, values.size))
    for unit in units:
        if len(unit) > 1:
            counts = np.bincount(np.searchsorted(values, unit), minlength=values.size).astype(np.float64)
            found += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return found


def _alphas(coincidences: Matrix, values: Values, level: Level) -> Values:
    """Of each matrix (the last two axes); NaN where nothing could disagree."""
    counts = coincidences.sum(axis=-1)
    apart = _DISTANCES[level](values, counts)
    observed = (coincidences * apart).sum(axis=(-2, -1))
    by_chance = (counts[..., :, None] * counts[..., None, :] * apart).sum(axis=(-2, -1))
    ratio: Values = np.full_like(observed, np.nan)
    np.divide((counts.sum(axis=-1) - 1) * observed, by_chance, out=ratio, where=by_chance > 0)
    alphas: Values = 1 - ratio
    return alphas


def _nominal(values: Values, counts: Matrix) -> Matrix:
    apart: Matrix = (values[:, None] != values).astype(np.float64)
    return apart


def _ordinal(values: Values, counts: Matrix) -> Matrix:
    """Distance in ranks: all values between two, and half of each of them."""
    ranks = np.cumsum(counts, axis=-1) - counts / 2
    return np.square(ranks[..., :, None] - ranks[..., None, :])


def _interval(values: Values, counts: Matrix) -> Matrix:
    return np.square(values[:, None] - values)


def _ratio(values: Values, counts: Matrix) -> Matrix:
    sums = values[:, None] + values
    parts: Matrix = np.zeros_like(sums)
    np.divide(values[:, None] - values, sums, out=parts, where=sums != 0)
    return np.square(parts)


_DISTANCES: Mapping[Level, Callable[[Values, Matrix], Matrix]] = {
    "nominal": _nominal, "ordinal": _ordinal, "interval": _interval, "ratio": _ratio,
}  # fmt: skip
"""How far two values are apart, squared."""
