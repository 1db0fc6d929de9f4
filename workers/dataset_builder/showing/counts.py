"""How many samples of a run there are at each step from question to training row, and why others fell out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """``rejected`` and ``removed`` by code; ``arms``: samples that an arm uses, by its name; ``used``: by any arm,
    None before datasets are built; ``of_evaluation``: written earlier about what this run evaluates with."""

    asked: int
    kept: int
    rejected: Mapping[str, int]
    removed: Mapping[str, int]
    arms: Mapping[str, int]
    used: int | None = None
    of_evaluation: int = 0

    @property
    def refused(self) -> int:
        """Rejected by the filters, whatever the code."""
        return sum(self.rejected.values())


@dataclass(frozen=True)
class Bar:
    """A row of a histogram. ``share`` is of the longest bar's count, 0 to 1."""

    name: str
    count: int
    share: float


def bars(counts: Mapping[str, int], whole: int | None = None) -> list[Bar]:
    """The counts as bars, in their order, of the largest one's length or of ``whole``'s."""
    most = whole or max(counts.values(), default=0)
    return [Bar(name, count, min(1.0, count / most) if most else 0.0) for name, count in counts.items()]


def falling(counts: Mapping[str, int]) -> dict[str, int]:
    """By falling count, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def steps(counts: Counts) -> list[Bar]:
    """asked → written → kept → usable → used (the last one only where datasets are built)."""
    usable = counts.kept - sum(counts.removed.values())
    found = {"asked": counts.asked, "written": counts.kept + counts.refused, "kept": counts.kept, "usable": usable}
    return bars(found if counts.used is None else {**found, "used": counts.used}, counts.asked)
