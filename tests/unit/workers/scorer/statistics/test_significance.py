"""p-values against enumeration by hand, against scipy and against published cases."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest, permutation_test

from workers.scorer.statistics import PairedTable
from workers.scorer.statistics.significance import mcnemar, p_enumerated


def by_hand(differences: list[float]) -> float:
    observed = abs(sum(differences))
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    return sum(value >= observed - 1e-12 for value in sums) / len(sums)


@pytest.mark.parametrize(
    "differences", [[], [0.3], [0.1, 0.2, 0.3], [0.1, -0.2, 0.3, 0.1], [0.5, 0.5, 0.5, -0.5, 0.25, 0.1, -0.7]]
)
def test_few_differences_are_enumerated(differences: list[float]) -> None:
    assert p_enumerated(np.array(differences)) == pytest.approx(by_hand(differences))


@pytest.mark.parametrize(("gained", "lost", "p"), [(12, 0, 0.0005), (17, 5, 0.017), (23, 11, 0.058), (4, 4, 1.0)])
def test_mcnemar_depends_on_the_flips_that_a_table_of_shares_does_not_show(gained: int, lost: int, p: float) -> None:
    """12 more right answers, by as few flips as possible or by more."""
    base = np.array([0.0] * gained + [1.0] * lost + [1.0, 0.0])
    new = np.array([1.0] * gained + [0.0] * lost + [1.0, 0.0])
    assert mcnemar(base, new) == pytest.approx(p, abs=0.0006)
    assert mcnemar(base, new) == pytest.approx(binomtest(gained, gained + lost).pvalue)


def test_mcnemar_is_the_enumerated_sign_flip_test() -> None:
    rng = np.random.default_rng(1)
    base, new = (rng.random((2, 20)) < 0.5).astype(float)
    assert mcnemar(base, new) == pytest.approx(p_enumerated((new - base)[new != base]))


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.05])
def test_the_draws_agree_with_scipy(shift: float) -> None:
    rng = np.random.default_rng(2)
    base = rng.beta(4, 6, 80)
    new = base + rng.normal(shift, 0.1, 80)
    found = PairedTable({"base": base, "new": new}, seed=(1,)).change("base", "new")
    theirs = permutation_test(
        (base, new),
        lambda a, b, axis: (b - a).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=20_000,
        rng=np.random.default_rng(3),
    )
    assert found.p == pytest.approx(theirs.pvalue, abs=0.015)


def test_the_smallest_p_of_draws_is_one_of_all_of_them() -> None:
    values = np.linspace(0.1, 0.9, 100)
    found = PairedTable({"base": values, "new": values + 0.1}, seed=(1,)).change("base", "new")
    assert found.p == pytest.approx(1 / 10_001, rel=1e-5)
