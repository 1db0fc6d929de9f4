"""The citation metrics, as a measure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Score
from workers.scorer.citations import citations, values
from workers.scorer.hallucinations import EDITS
from workers.scorer.measures.measure import Batch, Item

METRICS = (
    "citation_accuracy", "citation_precision", "citation_recall", "citation_f1", "citation_hit",
    "citation_reachable_recall", "hallucinated_answers", "hallucinated_links",
)  # fmt: skip

_RULES = f"urls=canonical|aliases=sources|markers=numbered-documents|mangled={EDITS}-edits-or-sibling|v2"
_SETS = {
    "citation_accuracy": "exact|no-reference=cite-none",
    "citation_precision": "precision|no-reference=cite-none",
    "citation_recall": "recall|no-reference=cite-none",
    "citation_f1": "f1|no-reference=cite-none",
    "citation_hit": "hit",
    "citation_reachable_recall": "recall-of-given|no-reference=none",
    "hallucinated_answers": "not-given|share-of=answers",
    "hallucinated_links": "not-given|share-of=links",
}


class Citations:
    """``citations`` for the metrics asked; the sets of links are kept whichever they are."""

    name = "citations"

    def __init__(self, metrics: Sequence[str] = METRICS) -> None:
        self.metrics = tuple(metrics)

    def signature(self, metric: str) -> str:
        return f"citation|{_SETS[metric]}|{_RULES}"

    def score(self, batch: Batch) -> list[Score]:
        return [self._of(item, batch) for item in batch.items]

    def _of(self, item: Item, batch: Batch) -> Score:
        found = citations(item.answer, item.links, item.retrieved, batch.documents)
        all_values = values(found)
        return Score(id=item.id, values={metric: all_values[metric] for metric in self.metrics}, citation=found)
