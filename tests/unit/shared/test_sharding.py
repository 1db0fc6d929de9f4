from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sharding import DEFAULT_SIZE, FEWEST, MOST, PARALLEL_CALLS, SHARE, shard_size
from shared.topology import load_topology


@pytest.mark.parametrize(
    ("visibility_s", "seconds", "size"),
    [(30, 6.0, 10), (30, 3.0, 20), (120, 6.0, 40), (30, 60.0, FEWEST), (43_200, 1.0, MOST), (30, 0.001, MOST)],
)
def test_a_shard_takes_half_of_the_visibility_timeout_within_bounds(
    visibility_s: int, seconds: float, size: int
) -> None:
    assert shard_size(visibility_s, seconds) == size


def test_the_defaults_come_to_what_runs_have_that_know_no_size() -> None:
    assert shard_size(load_topology().queue("inference").visibility_timeout_s) == DEFAULT_SIZE


@given(st.integers(1, 43_200), st.floats(0.001, 600))
def test_a_shard_of_more_than_one_round_ends_in_time(visibility_s: int, seconds: float) -> None:
    size = shard_size(visibility_s, seconds)
    assert FEWEST <= size <= MOST
    assert size == FEWEST or size / PARALLEL_CALLS * seconds <= SHARE * visibility_s + 1e-6
