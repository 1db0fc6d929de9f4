"""Means over items that come one by one, each in two columns: over the answers that there are, and with a missing
answer as 0 over all references."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.artifacts import Score
from workers.scorer.citation_report import CitationTotals
from workers.scorer.files.shape import CITATION_NAMES
from workers.scorer.measures import wording

DIGITS = 6


class Totals:
    """Of the metrics asked."""

    def __init__(self, metrics: Sequence[str]) -> None:
        self._metrics = metrics
        self._sums: defaultdict[str, float] = defaultdict(float)
        self._of: Counter[str] = Counter()
        self._rouge: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._citations = CitationTotals()
        self.references = self.answered = self._unanswered = 0

    def add(self, score: Score, answered: bool) -> None:
        self.references += 1
        if not answered:
            self._unanswered += 1
            return
        self.answered += 1
        for metric, value in score.values.items():
            if value is not None:
                self._sums[metric] += value
                self._of[metric] += 1
        for metric, detail in score.rouge.items():
            self._rouge[metric, "precision"] += detail.precision
            self._rouge[metric, "recall"] += detail.recall
        if score.citation is not None:
            self._citations.add(score.citation)

    def as_json(self) -> dict[str, Any]:
        """``references``, ``answered``, and by metric what an item has, as means."""
        found: dict[str, Any] = {"references": self.references, "answered": self.answered}
        citation: dict[str, Any] = {}
        for metric in self._metrics:
            if metric in CITATION_NAMES:
                citation[CITATION_NAMES[metric]] = self._mean(metric, "mean")
            elif metric in wording.METRICS:
                parts = {part: _ratio(self._rouge[metric, part], self._of[metric]) for part in ("precision", "recall")}
                found[metric] = parts | self._mean(metric, "fmeasure")
            else:
                found[metric] = self._mean(metric, "mean")
        if citation:
            told = self._citations.report()
            found["citation"] = citation | {"links": told.model_dump(exclude_none=True) if told else None}
        return found

    def means(self) -> Mapping[str, tuple[float | None, float | None]]:
        """Metric → its mean in either column."""
        return {metric: (self._mean_of(metric), self._as_zero(metric)) for metric in self._metrics}

    def _mean(self, metric: str, name: str) -> dict[str, Any]:
        return {name: self._mean_of(metric), "n": self._of[metric], "with_missing_as_zero": self._as_zero(metric)}

    def _mean_of(self, metric: str) -> float | None:
        return _ratio(self._sums[metric], self._of[metric])

    def _as_zero(self, metric: str) -> float | None:
        return _ratio(self._sums[metric], self._of[metric] + self._unanswered)


def _ratio(total: float, count: int) -> float | None:
    return round(total / count, DIGITS) if count else None
