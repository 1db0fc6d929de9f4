"""Batches for the tests of measures."""

from __future__ import annotations

from workers.scorer.measures.measure import Batch, Item, Measure


def batch(*pairs: tuple[str, str]) -> Batch:
    """Of reference and answer."""
    return Batch([Item(f"q{n}", answer, reference) for n, (reference, answer) in enumerate(pairs)])


def value(measure: Measure, reference: str, answer: str) -> float | None:
    """Of a measure with one metric."""
    [score] = measure.score(batch((reference, answer)))
    [found] = score.values.values()
    return found
