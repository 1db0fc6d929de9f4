from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.billing import MAX_BYTES, UNIT_BYTES, billed_units, cut

KB = 1024
SIZES = st.lists(
    st.one_of(st.integers(0, 12 * KB), st.integers(0, 2 * UNIT_BYTES), st.integers(0, MAX_BYTES + 1)), max_size=60
)


def plain(sizes: list[int]) -> list[list[int]]:
    """Each batch filled up to ten or 1 MiB."""
    found: list[list[int]] = []
    for size in sizes:
        if not found or len(found[-1]) == 10 or sum(found[-1]) + size > MAX_BYTES:
            found.append([])
        found[-1].append(size)
    return found


def parts(sizes: list[int]) -> list[list[int]]:
    found, start = [], 0
    for length in cut(sizes):
        found.append(sizes[start : start + length])
        start += length
    return found


def units(batches: list[list[int]]) -> int:
    return sum(billed_units(sum(batch)) for batch in batches)


@pytest.mark.parametrize(
    ("sizes", "lengths"),
    [
        ([], []),
        ([1] * 25, [10, 10, 5]),
        ([7 * KB] * 9, [9]),
        ([7 * KB] * 10, [10]),  # two units either way: then one call
        ([7 * KB] * 18, [9, 9]),
        ([7 * KB] * 11, [9, 2]),
        ([40 * KB, 40 * KB, 20 * KB], [3]),
        ([60 * KB, 60 * KB, 60 * KB], [3]),
        ([100 * KB, 7 * KB, 7 * KB], [3]),
        ([100 * KB] + [6 * KB] * 10, [5, 6]),
        ([MAX_BYTES, 1], [1, 1]),
        ([MAX_BYTES + 1, 1], [1, 1]),
        ([600 * KB, 600 * KB], [1, 1]),
        ([0, 0], [2]),
    ],
)
def test_a_list_is_cut_where_that_bills_least(sizes: list[int], lengths: list[int]) -> None:
    assert cut(sizes) == lengths


@given(SIZES)
def test_every_message_goes_once_and_in_order_within_the_limits(sizes: list[int]) -> None:
    found = parts(sizes)
    assert [size for batch in found for size in batch] == sizes
    assert all(1 <= len(batch) <= 10 for batch in found)
    assert all(sum(batch) <= MAX_BYTES or len(batch) == 1 for batch in found)


@given(SIZES)
def test_it_never_bills_more_than_full_batches_nor_calls_more_often_for_nothing(sizes: list[int]) -> None:
    ours, theirs = parts(sizes), plain(sizes)
    assert units(ours) < units(theirs) or (units(ours) == units(theirs) and len(ours) <= len(theirs))


@pytest.mark.parametrize(("payload", "billed"), [(0, 1), (UNIT_BYTES, 1), (UNIT_BYTES + 1, 2), (MAX_BYTES, 16)])
def test_each_64_kib_bill_anew(payload: int, billed: int) -> None:
    assert billed_units(payload) == billed
