"""Krippendorff's alpha on published examples and at its ends."""

from __future__ import annotations

import numpy as np
import pytest

from workers.scorer.people.alpha import Level, alpha, alpha_with_interval

_OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Four observers, twelve units, values missing: the example of Krippendorff (2011)."""

UNITS = [
    [float(value) for value in unit if value != "."]
    for unit in zip(*(line.split() for line in _OBSERVERS.split("\n") if line), strict=True)
]


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_four_observers_of_twelve_units(level: Level, published: float) -> None:
    assert alpha(UNITS, level) == pytest.approx(published, abs=0.0005)


def test_two_observers_of_ten_units() -> None:
    """The example of two observers and binary values, 0.095."""
    one, other = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha(list(zip(one, other, strict=True)), "nominal") == pytest.approx(0.095, abs=0.0005)


def test_raters_who_always_agree_have_1_and_who_always_disagree_less_than_0() -> None:
    assert alpha([[1, 1], [2, 2], [3, 3]], "ordinal") == 1
    found = alpha([[1, 4], [4, 1], [1, 4]], "ordinal")
    assert found is not None and found < 0


@pytest.mark.parametrize("units", [[], [[1]], [[2, 2], [2, 2]]])
def test_where_nothing_could_disagree_nothing_is_known(units: list[list[float]]) -> None:
    assert alpha(units, "ordinal") is None


def test_the_interval_holds_the_estimate_and_narrows_with_questions() -> None:
    rng = np.random.default_rng(1)

    def clusters(count: int) -> list[list[list[float]]]:
        truth = [rng.permutation(4) + 1 for _ in range(count)]
        noisy = [[order + rng.normal(0, 0.8, 4) for _ in range(3)] for order in truth]
        return [[[float(np.argsort(np.argsort(r))[arm]) for r in raters] for arm in range(4)] for raters in noisy]

    few, many = (alpha_with_interval(clusters(count), "ordinal", (1,)) for count in (20, 200))
    for found in (few, many):
        assert found.value is not None and found.low is not None and found.high is not None
        assert found.low < found.value < found.high < 1
    assert (many.high or 0) - (many.low or 0) < (few.high or 0) - (few.low or 0)
