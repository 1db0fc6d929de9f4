"""Numbers as text."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import numbers


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.26842, "+26.8\u00a0%"),
        (-0.026, "\u22122.6\u00a0%"),
        (0.0, "0.0\u00a0%"),
        (-0.0001, "0.0\u00a0%"),
        (12.3456, "+1,235\u00a0%"),
        (None, None),
        (math.nan, None),
        (math.inf, None),
    ],
)
def test_a_percent_has_a_sign_a_true_minus_and_no_break(share: float | None, text: str | None) -> None:
    assert numbers.percent(share) == text


def test_an_interval_needs_both_ends() -> None:
    assert numbers.interval(-0.021, 0.566) == "[\u22122.1,\u00a0+56.6]"
    assert numbers.interval(None, 0.5) is None


def test_thousands_are_apart() -> None:
    assert numbers.count(1234567) == "1,234,567"
    assert numbers.decimal(1234.5678, 1) == "1,234.6"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6))
def test_no_number_breaks_across_lines_or_uses_a_hyphen_for_minus(value: float) -> None:
    for text in (numbers.percent(value), numbers.decimal(value), numbers.signed_decimal(value)):
        assert text is not None
        assert " " not in text
        assert "-" not in text
