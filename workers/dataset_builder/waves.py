"""Which units are asked in a wave of synthesis: as many as are expected to give what is missing. Pure.

A unit is asked round after round until it is exhausted; its rounds are its own, so that runs share them. A wave is the
run's: the units, each with its next round, that it asks at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import PlannedUnit, WaveItem
from schemas.recipe import Recipe
from schemas.state import SamplesRecord
from shared.quotas import Size, quota
from workers.dataset_builder.recipes import SURPLUS
from workers.dataset_builder.split import seeded

MAX_ROUNDS = 16
"""Rounds of a unit."""
MAX_WAVES = 24
"""Waves of a run before its arms are built with fewer samples than they ask for."""

Records = Mapping[str, Sequence[SamplesRecord]]
"""Of each unit, by name, the records of its rounds in order."""


def next_wave(
    units: Sequence[PlannedUnit],
    records: Records,
    barred: frozenset[str],
    recipe: Recipe,
    *,
    missing: int,
    seed: int,
) -> list[WaveItem]:
    """Units and rounds to ask; none when nothing more is to be had.

    ``barred``: names of units that this run has given up. Those asked least often come first.
    """
    open_units = []
    for planned in units:
        unit, own = planned.unit, records.get(planned.unit.name, ())
        asked = quota(unit, Size(planned.tokens, planned.chunks), recipe, len(own))
        if asked and unit.name not in barred and not _spent(own):
            open_units.append((unit, len(own), asked * _rate(own, records)))
    open_units.sort(key=lambda entry: (entry[1], seeded(seed, f"wave:{entry[0].name}")))
    wave, expected = [], 0.0
    for unit, round, yields in open_units:
        if expected >= missing:
            break
        expected += yields
        wave.append(WaveItem(unit=unit, round=round))
    return wave


def _spent(own: Sequence[SamplesRecord]) -> bool:
    """Whether a unit has nothing more to give: it says so, or the last two rounds over all of it brought nothing."""
    if len(own) >= MAX_ROUNDS or (own and own[-1].exhausted):
        return True
    return len(own) > 1 and all(record.everywhere and not record.kept for record in own[-2:])


def _rate(own: Sequence[SamplesRecord], records: Records) -> float:
    """Samples kept of each question asked: the unit's last round tells most, all of them what is usual."""
    asked = sum(record.asked for rounds in records.values() for record in rounds)
    kept = sum(record.kept for rounds in records.values() for record in rounds)
    usual = (kept + 10 / SURPLUS) / (asked + 10)
    if not own:
        return usual
    return max(0.05, (own[-1].kept + 2 * usual) / (own[-1].asked + 2))
