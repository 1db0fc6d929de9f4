"""What is wrong with files of answers: counted by kind, the first few of each told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TOLD = 5

KINDS = {
    "broken_line": "lines are no JSON object and left out",
    "bad_row": "rows lack something and are left out",
    "duplicate_id": "rows repeat an id; the first one counts",
    "no_reference": "predictions have an id that no reference has, and are left out",
    "no_prediction": "references have no prediction: 0 in one column, left out of the other",
    "empty_answer": "predictions have an empty answer: 0 in one column, left out of the other",
}


@dataclass
class Problem:
    """``first``: the first few, each with its file and line, or its id."""

    count: int = 0
    first: list[str] = field(default_factory=list)


@dataclass
class Problems:
    """By kind, in the order of ``KINDS``."""

    found: dict[str, Problem] = field(default_factory=dict)

    def add(self, kind: str, what: str, times: int = 1) -> None:
        problem = self.found.setdefault(kind, Problem())
        problem.count += times
        if len(problem.first) < TOLD:
            problem.first.append(what)

    def as_json(self) -> dict[str, Any]:
        return {kind: {"count": self.found[kind].count, "first": self.found[kind].first} for kind in self._kinds()}

    def lines(self) -> list[str]:
        """A line for a person on each kind that occurred."""
        return [
            f"{self.found[kind].count} {KINDS[kind]}; first: {'; '.join(self.found[kind].first)}"
            for kind in self._kinds()
        ]

    def _kinds(self) -> list[str]:
        return [kind for kind in KINDS if kind in self.found]
