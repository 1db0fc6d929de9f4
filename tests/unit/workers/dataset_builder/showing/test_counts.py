"""The funnel and the histograms."""

from __future__ import annotations

import pytest

from workers.dataset_builder.showing.counts import Bar, Counts, bars, falling, steps


def counted(used: int | None) -> Counts:
    return Counts(asked=20, kept=12, rejected={"evidence": 3, "length": 1}, removed={"near_duplicate": 2},
                  arms={"ft": 8}, used=used)  # fmt: skip


def test_the_funnel_goes_from_questions_to_rows() -> None:
    found = steps(counted(8))
    assert [(bar.name, bar.count) for bar in found] == [
        ("asked", 20), ("written", 16), ("kept", 12), ("usable", 10), ("used", 8),
    ]  # fmt: skip
    assert [bar.share for bar in found] == [1.0, 0.8, 0.6, 0.5, 0.4]


def test_before_a_dataset_is_built_nothing_is_said_of_use() -> None:
    assert [bar.name for bar in steps(counted(None))] == ["asked", "written", "kept", "usable"]


@pytest.mark.parametrize(
    ("counts", "whole", "shares"),
    [
        ({"a": 4, "b": 1}, None, [1.0, 0.25]),
        ({"a": 4, "b": 1}, 8, [0.5, 0.125]),
        ({"a": 0}, None, [0.0]),
        ({"a": 9}, 3, [1.0]),
        ({}, None, []),
    ],
)
def test_bars_are_of_the_largest_or_of_a_whole(counts: dict[str, int], whole: int | None, shares: list[float]) -> None:
    assert [bar.share for bar in bars(counts, whole)] == shares


def test_codes_come_by_falling_count() -> None:
    assert list(falling({"b": 1, "a": 1, "c": 5})) == ["c", "a", "b"]
    assert bars(falling({"b": 1, "c": 2}))[0] == Bar("c", 2, 1.0)
