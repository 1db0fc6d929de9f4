"""The statistics of a comparison: whether they keep what they promise, and what they cost beside scipy's."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.stats import permutation_test

from benchmarks.scorer.simulations import KINDS, coverage, false_alarms
from workers.scorer.statistics import DRAWS, PairedTable, Values

ARMS, METRICS, QUESTIONS = 5, 6, 500
SIZES = (20, 60, 200)

Column = tuple[int, int]


def statistics(quick: bool) -> str:
    return f"{_honesty(200 if quick else 2_000)}\n\n{_speed(quick)}"


def _honesty(trials: int) -> str:
    head = "| values | questions | called different though equal, at 5 % | 95 % interval holds the truth |"
    rows = [
        f"| {kind} | {n} | {false_alarms(kind, trials=trials, n=n, seed=n):.1%} "
        f"| {coverage(kind, trials=trials, n=n, seed=n + 1):.1%} |"
        for kind in KINDS
        for n in SIZES
    ]
    told = (
        f"{trials:,} simulated comparisons each; aims at 60 questions: 3 to 7 % (5 % at most where values are right or "
        "wrong, McNemar's test being cautious), and 93 to 97 %:"
    )
    return "\n".join([told, "", head, "|---|--:|--:|--:|", *rows])


def _speed(quick: bool) -> str:
    columns = _columns()
    pairs = [((0, metric), (arm, metric)) for arm in range(1, ARMS) for metric in range(METRICS)]
    measured = pairs[:2] if quick else pairs
    ours = min(_seconds(lambda: _ours(columns, pairs)) for _ in range(3))
    theirs = (
        _seconds(lambda: [_scipy(columns[base], columns[new]) for base, new in measured]) * len(pairs) / len(measured)
    )
    return (
        f"{DRAWS:,} bootstrap and permutation draws over {QUESTIONS} questions, {ARMS} arms and {METRICS} metrics "
        f"({len(pairs)} changes, each with interval and p): {ours:.2f} CPU seconds; the p-values alone by "
        f"scipy.stats.permutation_test: {theirs:.1f} ({theirs / ours:.0f} times as long; aim: 10)."
    )


def _columns() -> dict[Column, Values]:
    random = np.random.default_rng(1)
    keys = [(arm, metric) for arm in range(ARMS) for metric in range(METRICS)]
    return {key: np.clip(random.normal(0.4, 0.15, QUESTIONS), 0, 1) for key in keys}


def _ours(columns: dict[Column, Values], pairs: list[tuple[Column, Column]]) -> None:
    table = PairedTable(columns, seed=(1,))
    for base, new in pairs:
        table.change(base, new)


def _scipy(base: Values, new: Values) -> None:
    permutation_test(
        (new, base),
        lambda a, b, axis: (a - b).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=DRAWS,
        rng=np.random.default_rng(1),
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
