"""Friedman's test and Kendall's W against scipy and on the published totals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import friedmanchisquare

from workers.scorer.people.concordance import concordance, of_sums


def test_the_published_totals_differ_and_yet_agree_weakly() -> None:
    """114, 112, 85 and 84 points, taken as 40 independent rankings: p about .006, W about .10."""
    found = of_sums([114, 112, 85, 84], 40)
    assert found is not None
    assert found.chi2 == pytest.approx(12.2, abs=0.1)
    assert found.p == pytest.approx(0.0066, abs=0.0005)
    assert found.w == pytest.approx(0.10, abs=0.005)


@pytest.mark.parametrize("ties", [False, True])
def test_it_is_friedmans_test(ties: bool) -> None:
    rng = np.random.default_rng(2)
    blocks = rng.integers(0, 4, (25, 4)).astype(float) if ties else rng.random((25, 4))
    theirs = friedmanchisquare(*blocks.T)
    found = concordance(blocks.tolist())
    assert found is not None
    assert found.chi2 == pytest.approx(theirs.statistic, abs=1e-5)
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-4)


def test_the_same_order_everywhere_is_perfect_concordance() -> None:
    found = concordance([[1, 2, 3, 4]] * 10)
    assert found is not None and found.w == 1


@pytest.mark.parametrize("blocks", [[], [[1.0, 1.0, 1.0]] * 5, [[1.0], [2.0]]])
def test_without_any_order_nothing_is_known(blocks: list[list[float]]) -> None:
    assert concordance(blocks) is None
