"""Numbers as text."""

from __future__ import annotations

import pytest

from workers.scorer.metrics import Better
from workers.scorer.report.sections.texts import bounds, estimate, lines, marked, probability, share


@pytest.mark.parametrize(
    ("p", "shown"), [(0.04, "p\u00a00.040"), (0.0009, "p\u00a0<\u00a00.001"), (0.001, "p\u00a00.001"), (None, None)]
)
def test_a_p_that_three_decimals_cannot_show_is_called_smaller(p: float | None, shown: str | None) -> None:
    assert probability(p) == shown


@pytest.mark.parametrize(
    ("difference", "better", "shown"),
    [
        (0.1, "higher", "▲\u00a0x"),
        (-0.1, "higher", "▼\u00a0x"),
        (0.1, "lower", "▼\u00a0x"),
        (-0.1, "lower", "▲\u00a0x"),
        (0.1, "neither", "x"),
        (0.0, "higher", "x"),
        (None, "higher", "x"),
    ],
)
def test_the_mark_says_better_or_worse_not_more_or_less(difference: float | None, better: Better, shown: str) -> None:
    assert marked("x", difference, better) == shown


def test_what_is_missing_leaves_no_trace() -> None:
    assert bounds(0.1, None) == ""
    assert estimate(None, 0.1, 0.2) is None
    assert estimate(0.15, None, 0.2) == "0.150"
    assert estimate(0.15, 0.1, 0.2) == "0.150\n[0.100,\u00a00.200]"
    assert lines(None, "", None) is None
    assert share(None) is None
    assert share(0.4567) == "45.7\u00a0%"
