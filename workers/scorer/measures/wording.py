"""ROUGE, as a measure: the values are F-measures, precision and recall are kept beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from schemas.artifacts import RougeDetail, Score
from workers.scorer.measures.measure import Batch, Item
from workers.scorer.rouge import TYPES, Prf, Rouge

METRICS = TYPES


class Wording:
    """The ROUGE metrics that ``rouge`` was made for."""

    name = "rouge"

    def __init__(self, rouge: Rouge) -> None:
        self.rouge = rouge
        self.metrics: Sequence[str] = rouge.types

    def signature(self, metric: str) -> str:
        return self.rouge.signature(metric)

    def score(self, batch: Batch) -> list[Score]:
        found = self.rouge.score_batch([item.reference for item in batch.items], [item.answer for item in batch.items])
        return [_score(item, metrics) for item, metrics in zip(batch.items, found, strict=True)]


def _score(item: Item, found: dict[str, Prf]) -> Score:
    return Score(
        id=item.id,
        values={metric: prf.fmeasure for metric, prf in found.items()},
        rouge={metric: RougeDetail(**asdict(prf)) for metric, prf in found.items()},
    )
