from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.bedrock.faults.chance import Bucket, strikes


@given(st.integers(), st.text())
def test_a_share_of_nothing_never_strikes_and_of_all_always(seed: int, name: str) -> None:
    assert not strikes(0.0, seed, name)
    assert strikes(1.0, seed, name)


@given(st.integers(), st.floats(0, 1), st.floats(0, 1))
def test_what_a_share_strikes_a_larger_one_strikes_too(seed: int, one: float, other: float) -> None:
    small, large = sorted([one, other])
    assert strikes(large, seed) or not strikes(small, seed)


def test_a_share_is_about_the_share_of_many() -> None:
    struck = sum(strikes(0.2, "seed", number) for number in range(10_000))
    assert 1_880 < struck < 2_120  # three standard deviations


@pytest.mark.parametrize(
    ("times", "granted"),
    [
        ([0, 0, 0, 0], [True, True, True, False]),
        ([0, 0, 0, 19, 20, 20], [True, True, True, False, True, False]),
        ([0, 600, 600, 600, 600], [True, True, True, True, False]),
    ],
)
def test_a_bucket_of_three_a_minute(times: list[float], granted: list[bool]) -> None:
    bucket = Bucket(3, at=0)
    assert [bucket.take(now) for now in times] == granted
