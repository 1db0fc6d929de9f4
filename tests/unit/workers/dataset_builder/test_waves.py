from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import PlannedUnit
from schemas.recipe import Unit
from schemas.state import SamplesRecord
from tests.unit.workers.synthetic_gen.making import recipe
from workers.dataset_builder.waves import MAX_ROUNDS, MAX_WAVES, next_wave

RECIPE = recipe(per_1000_tokens=10)
UNITS = [PlannedUnit(unit=Unit(documents=[f"d{n}"]), tokens=500, chunks=9) for n in range(20)]


def record(name: str, round: int, asked: int, kept: int, exhausted: bool = False) -> SamplesRecord:
    return SamplesRecord(
        corpus="c", unit=name, documents=[name], chunking="k", recipe="r", round=round, asked=asked, kept=kept,
        rejected=0, everywhere=True, exhausted=exhausted,
    )  # fmt: skip


def test_only_as_many_units_are_asked_as_are_expected_to_be_needed() -> None:
    wave = next_wave(UNITS, {}, frozenset(), RECIPE, missing=30, seed=7)
    assert 30 / 5 <= len(wave) < 30 / 5 * 1.5
    assert {item.round for item in wave} == {0}
    assert wave == next_wave(UNITS[::-1], {}, frozenset(), RECIPE, missing=30, seed=7)


def test_units_that_nobody_has_asked_come_before_those_asked_already() -> None:
    records = {f"d{n}": [record(f"d{n}", 0, 5, 5)] for n in range(18)}
    wave = next_wave(UNITS, records, frozenset(), RECIPE, missing=12, seed=7)
    assert [item.round for item in wave][:3] == [0, 0, 1]


def test_exhausted_barred_and_often_asked_units_are_left_alone() -> None:
    records = {
        "d0": [record("d0", 0, 5, 0, exhausted=True)],
        "d1": [record("d1", round, 5, 1) for round in range(MAX_ROUNDS)],
    }
    wave = next_wave(UNITS[:3], records, frozenset(["d2"]), RECIPE, missing=100, seed=7)
    assert wave == []


@given(st.lists(st.integers(0, 120), min_size=1, max_size=12), st.floats(0.3, 1.0), st.integers(1, 300))
def test_waves_reach_what_is_wanted_whenever_the_documents_hold_it(
    capacity: list[int], rate: float, wanted: int
) -> None:
    """Each document can give so many samples; of each one asked for, a filter keeps ``rate``."""
    units = [PlannedUnit(unit=Unit(documents=[f"d{n}"]), tokens=400, chunks=9) for n in range(len(capacity))]
    left, records, kept = list(capacity), dict[str, list[SamplesRecord]](), 0
    for _ in range(MAX_WAVES):
        wave = next_wave(units, records, frozenset(), RECIPE, missing=wanted - kept, seed=3)
        if kept >= wanted or not wave:
            break
        for item in wave:
            place = int(item.unit.documents[0][1:])
            asked = min(72, 4 << item.round)
            got = min(left[place], max(1, math.floor(asked * rate)))
            left[place] -= got
            kept += got
            own = records.setdefault(item.unit.name, [])
            assert item.round == len(own)
            own.append(record(item.unit.name, item.round, asked, got, exhausted=got == 0))
    assert kept >= min(wanted, sum(capacity))
