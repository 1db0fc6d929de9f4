"""Two arms compared: deterministic, paired, and what cannot be known is None."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.scorer.statistics import Change, PairedTable, Rates, Values, mean, table


def compared(base: Values, new: Values, seed: int = 7) -> Change:
    return PairedTable({"base": base, "new": new}, seed=(seed,)).change("base", "new")


def change(base: list[float], new: list[float], seed: int = 7) -> Change:
    return compared(np.array(base), np.array(new), seed)


def test_the_change_is_the_ratio_of_means() -> None:
    found = change([0.1, 0.3], [0.4, 0.2])
    assert found.relative == pytest.approx(0.5)
    assert found.difference == pytest.approx(0.1)


def test_equal_arms_do_not_differ() -> None:
    values = np.random.default_rng(1).random(40)
    found = compared(values, values)
    assert (found.relative, found.low, found.high, found.difference) == (0.0, 0.0, 0.0, 0.0)
    assert (found.p, found.significant, found.detectable) == (1.0, False, 0.0)


def test_a_constant_factor_has_no_uncertainty() -> None:
    values = np.random.default_rng(2).random(30)
    found = compared(values, values * 1.5)
    assert (found.relative, found.low, found.high) == (0.5, 0.5, 0.5)
    assert found.better
    assert not found.worse
    assert compared(values * 1.5, values).worse


def test_the_same_seed_gives_the_same_numbers_and_another_does_not() -> None:
    rng = np.random.default_rng(3)
    base, new = rng.random(60), rng.random(60)
    assert compared(base, new) == compared(base, new)
    assert compared(base, new) != compared(base, new, seed=8)


def test_an_arm_is_compared_the_same_whoever_stands_beside_it() -> None:
    rng = np.random.default_rng(4)
    base, new, third = rng.random(60), rng.random(60), rng.random(60)
    columns = PairedTable({"third": third, "new": new, "base": base}, seed=(7,))
    assert columns.change("base", "new") == compared(base, new)


def test_the_interval_holds_the_change() -> None:
    rng = np.random.default_rng(4)
    found = compared(rng.random(60), rng.random(60))
    assert found.low is not None and found.relative is not None and found.high is not None
    assert found.low < found.relative < found.high


@pytest.mark.parametrize(
    ("base", "new", "expected"),
    [([], [], Change()), ([0.5], [1.0], Change(1.0, difference=0.5)), ([0.0], [0.5], Change(difference=0.5))],
)
def test_what_cannot_be_known_is_none(base: list[float], new: list[float], expected: Change) -> None:
    assert change(base, new) == expected


def test_a_baseline_of_zero_has_no_ratio_and_yet_a_difference() -> None:
    found = change([0.0] * 20, [0.5, 0.4] * 10)
    assert (found.relative, found.low, found.high) == (None, None, None)
    assert found.difference == pytest.approx(0.45)
    assert found.better


def test_a_baseline_that_is_nearly_always_zero_has_no_interval_of_the_ratio() -> None:
    found = change([1.0, *[0.0] * 9], [1.0] * 10)
    assert found.relative == pytest.approx(9.0)
    assert (found.low, found.high) == (None, None)
    assert found.difference_low is not None


def test_unpaired_values_are_refused() -> None:
    with pytest.raises(ValueError, match=r"columns of \[1, 2\] values"):
        change([1.0], [1.0, 2.0])


def test_the_mean_of_nothing_is_none() -> None:
    assert mean(np.array([])) is None
    assert mean(np.array([0.1, 0.2])) == 0.15


def test_the_test_is_chosen_by_the_values() -> None:
    rng = np.random.default_rng(5)
    yes_no = (rng.random((2, 40)) < 0.5).astype(float)
    assert compared(yes_no[0], yes_no[1]).test == "McNemar, exact"
    assert compared(rng.random(12), rng.random(12)).test == "sign-flip, exact"
    assert compared(rng.random(40), rng.random(40)).test == "sign-flip"


def test_many_questions_are_compared_without_draws_and_almost_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_QUESTIONS", 2_000)
    rng = np.random.default_rng(6)
    base = rng.beta(4, 6, 2_000)
    new = np.clip(base + rng.normal(0.003, 0.1, base.size), 0, None)
    drawn, once_more = compared(base, new), compared(np.append(base, base.mean()), np.append(new, new.mean()))
    assert (drawn.interval, drawn.test) == ("paired bootstrap, percentile", "sign-flip")
    assert (once_more.interval, once_more.test) == ("delta method", "sign-flip, normal")
    for name in ("relative", "low", "high", "difference", "difference_low", "difference_high"):
        assert getattr(once_more, name) == pytest.approx(getattr(drawn, name), abs=1e-3), name
    assert once_more.p == pytest.approx(drawn.p, abs=0.015)


def test_rates_of_many_questions_are_compared_without_draws_and_almost_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(8)
    links = rng.integers(1, 5, (2, 2_000)).astype(float)
    base, new = (
        Rates(rng.binomial(of.astype(int), share).astype(float), of)
        for of, share in zip(links, (0.4, 0.42), strict=True)
    )
    drawn = PairedTable({"base": base, "new": new}, seed=(7,)).change("base", "new")
    monkeypatch.setattr(table, "MAX_QUESTIONS", 1_000)
    many = PairedTable({"base": base, "new": new}, seed=(7,)).change("base", "new")
    assert (drawn.interval, many.interval, many.test) == (
        "paired bootstrap, percentile",
        "delta method",
        "sign-flip, normal",
    )
    for name in ("low", "high", "difference_low", "difference_high"):
        assert getattr(many, name) == pytest.approx(getattr(drawn, name), abs=3e-3), name
    assert many.p == pytest.approx(drawn.p, abs=0.015)


def test_small_differences_of_large_values_tie_as_they_should() -> None:
    """Eleven gains and nine losses of one size: all signs but ten of each (a share of 0.176) reach that sum."""
    base = np.round(np.random.default_rng(9).random(20), 6)
    found = compared(base, base + 1e-6 * np.array([1] * 11 + [-1] * 9))
    assert found.p == pytest.approx(0.824, abs=0.015)


def test_rates_are_sums_over_sums_and_trade_places_by_question() -> None:
    links = np.array([1.0, 9.0] * 15)
    base, new = Rates(links * 0.5, links), Rates(links * np.array([0.0, 0.4] * 15), links)
    columns = PairedTable({"base": base, "new": new}, seed=(1,))
    found = columns.change("base", "new")
    assert found.difference == pytest.approx(-0.14)  # 54 of 150 against 75 of 150, not the mean of rates
    assert found.worse
    assert found.test == "sign-flip"
    assert columns.change("base", "base").p == 1.0


def test_rates_without_any_whole_are_not_compared() -> None:
    nothing = Rates(np.zeros(5), np.zeros(5))
    assert PairedTable({"a": nothing, "b": nothing}, seed=(1,)).change("a", "b") == Change()


def test_rates_over_whole_ones_are_plain_means() -> None:
    rng = np.random.default_rng(7)
    base, new, ones = rng.random(50), rng.random(50), np.ones(50)
    rates = PairedTable({"base": Rates(base, ones), "new": Rates(new, ones)}, seed=(7,)).change("base", "new")
    assert rates == compared(base, new)


def test_the_interval_of_a_value_keeps_its_width_when_all_answers_are_right() -> None:
    columns = PairedTable({"all": np.ones(40), "some": np.linspace(0.1, 0.9, 40)}, seed=(1,))
    low, high = columns.value_interval("all")
    assert low == pytest.approx(0.912, abs=0.001)
    assert high == 1.0
    low, high = columns.value_interval("some")
    assert low is not None and high is not None
    assert low < 0.5 < high


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=40))
def test_swapping_the_arms_keeps_p_and_turns_the_difference(pairs: list[tuple[float, float]]) -> None:
    base, new = (np.array(side) for side in zip(*pairs, strict=True))
    columns = PairedTable({"base": base, "new": new}, seed=(1,))
    there, back = columns.change("base", "new"), columns.change("new", "base")
    assert there.p == back.p
    assert there.difference == -(back.difference or 0.0)
    assert not (there.significant and there.p is not None and there.p > 0.05)
