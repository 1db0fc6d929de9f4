"""Families of p-values: published steps, and what must hold of any family."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.scorer.statistics import Change, adjusted
from workers.scorer.statistics.multiplicity import benjamini_hochberg, holm
from workers.scorer.statistics.power import detectable

Ps = st.lists(st.floats(0, 1), max_size=20)


def test_holm_steps_down() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02]


def test_benjamini_hochberg_steps_up() -> None:
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == [0.02, 0.04, 0.04, 0.02]


def test_benjamini_and_hochberg_find_four_of_their_fifteen() -> None:
    """The example of their paper, table 1: at 5 %, four hypotheses are rejected, three by Bonferroni."""
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1]  # fmt: skip # noqa: E501
    assert sum(p <= 0.05 for p in benjamini_hochberg(ps)) == 4
    assert sum(p <= 0.05 for p in holm(ps)) == 3


@given(Ps)
def test_adjusting_lowers_no_p_and_keeps_their_order(ps: list[float]) -> None:
    for found in (holm(ps), benjamini_hochberg(ps)):
        assert all(new >= old - 1e-6 for old, new in zip(ps, found, strict=True))
        assert all(new <= 1 for new in found)
        order = sorted(range(len(ps)), key=ps.__getitem__)
        assert [found[i] for i in order] == sorted(found)


@given(Ps)
def test_holm_is_never_more_lenient_than_benjamini_hochberg(ps: list[float]) -> None:
    assert all(a >= b for a, b in zip(holm(ps), benjamini_hochberg(ps), strict=True))


def test_a_change_without_p_takes_no_part_in_its_family() -> None:
    sure, none = Change(0.1, 0.05, 0.15, p=0.03), Change()
    alone, beside = adjusted([sure, none]), adjusted([sure, sure])
    assert [change.p_adjusted for change in alone] == [0.03, None]
    assert alone[0].better
    assert [change.p_adjusted for change in beside] == [0.06, 0.06]
    assert not beside[0].significant


def test_interval_and_test_must_agree() -> None:
    assert not Change(0.1, -0.01, 0.2, p=0.001).significant
    assert not Change(0.1, 0.01, 0.2, p=0.06).significant
    assert Change(0.1, 0.01, 0.2, p=0.05).better
    assert Change(-0.1, -0.2, -0.01, p=0.05).worse


@pytest.mark.parametrize(("n", "expected"), [(40, 0.053), (100, 0.034), (200, 0.024), (500, 0.015)])
def test_what_can_be_detected_shrinks_with_the_root_of_n(n: int, expected: float) -> None:
    values = np.resize([-0.12, 0.12], n) * np.sqrt((n - 1) / n)
    assert detectable(values) == pytest.approx(expected, abs=0.0006)


def test_one_question_detects_nothing() -> None:
    assert detectable(np.array([0.1])) is None
