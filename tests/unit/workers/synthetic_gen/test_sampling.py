from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from workers.synthetic_gen.sampling import mixed, phase, systematic

WEIGHTS = st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any)


@given(WEIGHTS, st.integers(1, 100), st.floats(0, 0.999))
def test_each_place_is_drawn_by_its_share_within_one(weights: list[int], draws: int, start: float) -> None:
    places = systematic(weights, draws, start)
    assert len(places) == draws and places == sorted(places)
    for place, count in Counter(places).items():
        assert abs(count - draws * weights[place] / sum(weights)) < 1 + 1e-9
        assert weights[place] > 0


@given(st.text(max_size=8), st.integers(0, 5))
def test_a_phase_follows_from_the_name_alone(seed: str, round: int) -> None:
    assert phase(seed, round) == phase(seed, round)
    assert 0 <= phase(seed, round) < 1


def test_names_are_drawn_by_weight_in_an_order_of_their_own() -> None:
    drawn = mixed({"a": 3.0, "b": 1.0, "c": 0.0}, 40, "seed")
    assert Counter(drawn) == {"a": 30, "b": 10}
    assert drawn != sorted(drawn)
    assert mixed({}, 3, "seed") == []
