"""A difference is told with its interval, and only called one where the interval lies on one side of zero."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.inference.reader.intervals import difference

BASE = np.asarray([0.1, 0.9, 0.4, 0.3, 0.6, 0.2, 0.8, 0.5])


@pytest.mark.parametrize(("shift", "verdict"), [(0.1, "better"), (-0.1, "worse"), (0.0, "not told apart")])
def test_a_constant_difference_has_no_width(shift: float, verdict: str) -> None:
    found = difference(BASE, BASE + shift)
    assert (found.mean, found.low, found.high) == pytest.approx((shift, shift, shift))
    assert found.verdict == verdict


def test_a_difference_of_one_question_is_not_told_apart() -> None:
    found = difference(BASE, BASE + np.asarray([0.4, *[0.0] * 7]))
    assert found.mean == pytest.approx(0.05)
    assert found.low == 0.0 < found.high
    assert found.verdict == "not told apart"
