"""Questions drawn from known distributions, to see whether the statistics keep what they promise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workers.scorer.statistics import ALPHA, Change, PairedTable, Rates
from workers.scorer.statistics.values import Measured

KINDS = ("graded", "right or wrong", "rates")

Pair = tuple[Measured, Measured]

_AT_A_TIME = 100
"""Trials that share a table, so that what is drawn for them fits into memory."""


def false_alarms(kind: str, *, trials: int, n: int, seed: int) -> float:
    """Share of comparisons of an arm with its equal that are significant at 5 %."""
    changes = list(_changes(kind, trials, n, seed, shift=0.0))
    return sum((change.p or 0.0) <= ALPHA for change in changes) / trials


def coverage(kind: str, *, trials: int, n: int, seed: int) -> float:
    """Share of intervals of the relative change that hold the true one."""
    truth = _truth(kind, seed)
    held = 0
    for change in _changes(kind, trials, n, seed, shift=_SHIFT):
        held += change.low is not None and change.high is not None and change.low <= truth <= change.high
    return held / trials


_SHIFT = 0.1


def _changes(kind: str, trials: int, n: int, seed: int, *, shift: float) -> Iterator[Change]:
    random = np.random.default_rng(seed)
    for start in range(0, trials, _AT_A_TIME):
        pairs = [_pair(kind, random, n, shift) for _ in range(min(_AT_A_TIME, trials - start))]
        columns = {(arm, trial): pair[arm] for trial, pair in enumerate(pairs) for arm in (0, 1)}
        table = PairedTable(columns, seed=(seed, start))
        yield from (table.change((0, trial), (1, trial)) for trial in range(len(pairs)))


def _truth(kind: str, seed: int) -> float:
    """The relative change over a million questions."""
    pair = _pair(kind, np.random.default_rng(seed + 1_000), 1_000_000, _SHIFT)
    below, above = (side.parts.sum() / side.wholes.sum() if isinstance(side, Rates) else side.mean() for side in pair)
    return float(above / below - 1)


def _pair(kind: str, random: np.random.Generator, n: int, shift: float) -> Pair:
    """Two arms over the same questions, some of which are harder for both; the second is better by about ``shift``."""
    ease = random.beta(4, 4, n)
    if kind == "graded":
        low, high = (np.clip(ease + random.normal(0, 0.15, n) + by, 0, 1) for by in (0.0, shift))
        return low, high
    chances = (ease, np.clip(ease + shift, 0, 1))
    if kind == "right or wrong":
        low, high = ((random.random(n) < chance).astype(np.float64) for chance in chances)
        return low, high
    links = [random.integers(1, 5, n).astype(np.float64) for _ in chances]
    low, high = (
        random.binomial(of.astype(int), chance).astype(np.float64) for of, chance in zip(links, chances, strict=True)
    )
    return Rates(low, links[0]), Rates(high, links[1])
