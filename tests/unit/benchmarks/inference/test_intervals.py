from __future__ import annotations

import pytest

from benchmarks.inference.intervals import interval


def test_equal_values_leave_no_doubt() -> None:
    assert interval([0.5] * 9) == (0.5, 0.5, 0.5)


def test_the_interval_of_a_share_is_about_that_of_the_normal_approximation() -> None:
    mean, low, high = interval([0.0, 1.0] * 200)
    assert mean == 0.5
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.005)
    assert interval([0.0, 1.0] * 200) == (mean, low, high)
