"""Points: ties share theirs, and every ranking sums to the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.scorer.people.points import expected_sum, points_of, unaccounted


@pytest.mark.parametrize(
    ("ranks", "points"),
    [
        ([1, 2, 3, 4], [4, 3, 2, 1]),
        ([1, 1, 3, 4], [3.5, 3.5, 2, 1]),
        ([1, 1, 2, 3], [3.5, 3.5, 2, 1]),
        ([2, 1, 2, 2], [2, 4, 2, 2]),
        ([1, 1, 1, 1], [2.5, 2.5, 2.5, 2.5]),
    ],
)
def test_equal_answers_share_their_points(ranks: list[float], points: list[float]) -> None:
    assert list(points_of(dict(zip("ABCD", ranks, strict=True))).values()) == points


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_every_ranking_sums_to_the_same(ranks: list[int]) -> None:
    points = points_of({str(n): float(rank) for n, rank in enumerate(ranks)})
    assert unaccounted(points) == pytest.approx(0)


def test_the_published_totals_lack_five_points() -> None:
    """114, 112, 85 and 84 points of 40 rankings of four models: strict ranks or shared ones would give 400."""
    assert expected_sum(4, 40) == 400
    assert unaccounted({"a": 114, "b": 112, "c": 85, "d": 84}, rankings=40) == 5
