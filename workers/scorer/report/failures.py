"""Failures of one kind together, so that a thousand equal ones are one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.artifacts import Failure

SHOWN = 50
"""Items of a group that are listed; report.json holds all."""


@dataclass(frozen=True)
class FailureGroup:
    """Failures with one stage and code."""

    stage: str
    code: str
    failures: list[Failure]

    @property
    def count(self) -> int:
        return len(self.failures)

    @property
    def shown(self) -> list[Failure]:
        """The first ones, enough for a page."""
        return self.failures[:SHOWN]

    @property
    def more(self) -> int:
        """How many ``shown`` leaves out."""
        return max(0, self.count - SHOWN)


def grouped(failures: Sequence[Failure]) -> list[FailureGroup]:
    """Groups in the order of their first failure."""
    groups: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        groups.setdefault((failure.stage, failure.code), []).append(failure)
    return [FailureGroup(stage, code, items) for (stage, code), items in groups.items()]
