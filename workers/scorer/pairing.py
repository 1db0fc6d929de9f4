"""Arms side by side: metric values over the questions that every scored arm answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas.artifacts import Prediction, Score
from schemas.experiment import Arm, Train
from schemas.report import LossPoint
from workers.scorer.statistics import Change, PairedTable, Values, adjusted
from workers.scorer.statistics.intervals import NO_INTERVAL, Interval

Column = tuple[str, str]
"""An arm and a metric."""


@dataclass(frozen=True)
class ArmResult:
    """What is known of an arm: scores and predictions by question id. ``failed`` says why it is not compared."""

    arm: Arm
    failed: str | None = None
    scores: Mapping[str, Score] = field(default_factory=dict)
    predictions: Mapping[str, Prediction] = field(default_factory=dict)
    trained_on: Train | None = None
    loss: Sequence[float] = ()
    validation: Sequence[LossPoint] = ()

    @property
    def name(self) -> str:
        return self.arm.name

    @property
    def reason(self) -> str | None:
        """Why the arm has no part in the comparison; None when it has."""
        if self.failed is None and not self.scores:
            errors = [found.error for _, found in sorted(self.predictions.items()) if found.error]
            return "; the first: ".join(["none of its answers could be scored", *errors[:1]])
        return self.failed


class Paired:
    """``ids``: the questions, in order, that all scored arms answered. A failed arm takes none away.

    Those of ``metrics`` that apply to the same questions are compared with the same draws, made once.
    """

    def __init__(
        self, results: Sequence[ArmResult], evaluation: Sequence[str], seed: int, metrics: Sequence[str] = ()
    ) -> None:
        self.evaluation = sorted(evaluation)
        self.scored = {result.name: result for result in results if result.reason is None}
        self.ids = [id for id in self.evaluation if all(id in result.scores for result in self.scored.values())]
        self._seed = seed
        self._ids: dict[str, list[str]] = {}
        self._metrics = tuple(metrics)
        self._tables: dict[str, PairedTable[Column]] = {}
        self._changes: dict[tuple[str, str, str], Change] = {}

    @property
    def n(self) -> int:
        return len(self.ids) if self.scored else 0

    def values(self, arm: str, metric: str) -> Values:
        """One value per question of ``ids_of`` the metric; none for an arm that is not scored."""
        result = self.scored.get(arm)
        found = [result.scores[id].values.get(metric) for id in self.ids_of(metric)] if result is not None else []
        return np.array(found, dtype=np.float64)

    def ids_of(self, metric: str) -> list[str]:
        """Those of ``ids`` for which every scored arm has a value of the metric: some do not apply to some answers."""
        if metric not in self._ids:
            arms = self.scored.values()
            self._ids[metric] = [
                id for id in self.ids if all(arm.scores[id].values.get(metric) is not None for arm in arms)
            ]
        return self._ids[metric]

    def with_missing_as_zero(self, arm: str, metric: str) -> Values:
        """One value per question of the whole evaluation set; what does not apply to an answer is left out."""
        result = self.scored.get(arm)
        if result is None:
            return np.array([], dtype=np.float64)
        scores = [result.scores.get(id) for id in self.evaluation]
        found = [0.0 if score is None else score.values.get(metric) for score in scores]
        return np.array([value for value in found if value is not None], dtype=np.float64)

    def change(self, base: str, new: str, metric: str) -> Change:
        """How ``new`` differs from ``base``, taken alone; nothing is known unless both are scored."""
        if base not in self.scored or new not in self.scored:
            return Change()
        key = (base, new, metric)
        if key not in self._changes:
            self._changes[key] = self.table(metric).change((base, metric), (new, metric))
        return self._changes[key]

    def interval(self, arm: str, metric: str) -> Interval:
        """Of an arm's own value; both ends None for an arm that is not scored."""
        return self.table(metric).value_interval((arm, metric)) if arm in self.scored else NO_INTERVAL

    def against(self, base: str, metrics: Iterable[str]) -> dict[Column, Change]:
        """All other scored arms on all ``metrics``, their p-values adjusted together: a table as it is printed."""
        cells = [(arm, metric) for metric in metrics for arm in self.scored if arm != base]
        family = adjusted([self.change(base, arm, metric) for arm, metric in cells])
        return dict(zip(cells, family, strict=True))

    def table(self, metric: str) -> PairedTable[Column]:
        """The table in which a metric of all scored arms stands, by arm and metric."""
        if metric not in self._tables:
            metrics = [name for name in {*self._metrics, metric} if self.ids_of(name) == self.ids_of(metric)]
            columns = {(arm, name): self.values(arm, name) for name in sorted(metrics) for arm in self.scored}
            table = PairedTable(columns, seed=(self._seed,))
            self._tables |= dict.fromkeys(metrics, table)
        return self._tables[metric]
