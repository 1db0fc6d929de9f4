from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.retrieval.fusion import fused

RANKINGS = st.lists(st.integers(0, 50), unique=True)


@given(RANKINGS, RANKINGS, st.integers(0, 60))
def test_fusing_loses_nobody(words: list[int], meaning: list[int], depth: int) -> None:
    found = fused(words, meaning, depth)
    assert sorted(found) == sorted({*words, *meaning})


@given(RANKINGS, st.integers(0, 60))
def test_two_equal_rankings_stay_as_they_are(ranking: list[int], depth: int) -> None:
    assert fused(ranking, ranking, depth) == ranking


@pytest.mark.parametrize(
    ("words", "meaning", "depth", "order"),
    [
        ([], [], 5, []),
        ([3, 4], [], 5, [3, 4]),
        ([], [3, 4], 5, [3, 4]),
        ([1, 2, 3], [3, 2, 1], 9, [1, 3, 2]),
        ([1, 2], [2, 1], 9, [1, 2]),
        ([1, 9, 8], [2, 8, 9], 9, [9, 8, 1, 2]),
        ([1, 9, 8], [2, 8, 9], 1, [1, 2, 9, 8]),
    ],
)
def test_what_both_put_high_comes_first_as_far_as_they_have_a_say(
    words: list[int], meaning: list[int], depth: int, order: list[int]
) -> None:
    assert fused(words, meaning, depth) == order
