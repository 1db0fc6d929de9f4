"""Arms side by side: metric values over the questions that every scored arm answered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas.artifacts import Prediction, Score
from schemas.experiment import Arm, Train
from schemas.report import LossPoint
from workers.scorer.metrics import METRICS
from workers.scorer.statistics import Change, Values, relative_change


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
    """``ids``: the questions, in order, that all scored arms answered. A failed arm takes none away."""

    def __init__(self, results: Sequence[ArmResult], evaluation: Sequence[str], seed: int) -> None:
        self.evaluation = sorted(evaluation)
        self.scored = {result.name: result for result in results if result.reason is None}
        self.ids = [id for id in self.evaluation if all(id in result.scores for result in self.scored.values())]
        self._seed = seed
        self._changes: dict[tuple[str, str, str], Change] = {}

    @property
    def n(self) -> int:
        return len(self.ids) if self.scored else 0

    def values(self, arm: str, metric: str) -> Values:
        """One value per question of ``ids``; none for an arm that is not scored."""
        result = self.scored.get(arm)
        scores = [result.scores[id] for id in self.ids] if result is not None else []
        return np.array([METRICS[metric].of(score) for score in scores], dtype=np.float64)

    def with_missing_as_zero(self, arm: str, metric: str) -> Values:
        """One value per question of the whole evaluation set."""
        result = self.scored.get(arm)
        if result is None:
            return np.array([], dtype=np.float64)
        found = [result.scores.get(id) for id in self.evaluation]
        return np.array([METRICS[metric].of(score) if score else 0.0 for score in found], dtype=np.float64)

    def change(self, base: str, new: str, metric: str) -> Change:
        """How ``new`` differs from ``base``; nothing is known unless both are scored."""
        if base not in self.scored or new not in self.scored:
            return Change()
        key = (base, new, metric)
        if key not in self._changes:
            self._changes[key] = relative_change(
                self.values(base, metric),
                self.values(new, metric),
                seed=self._seed,
                metric=metric,
                arm=f"{new} against {base}",
            )
        return self._changes[key]
