"""Embedding similarity: the cosine of two sentence vectors, as a measure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Score
from workers.scorer.embedding import VectorMemory
from workers.scorer.measures.measure import Batch, Item
from workers.scorer.text_form import REPORT, TextForm

METRICS = ("embedding_similarity",)

DIGITS = 6
"""Cosines are rounded: beyond this, processors and library builds differ."""


class Similarity:
    """Cosine, −1 to 1; 0 when either text has no words left."""

    name = "similarity"
    metrics: Sequence[str] = METRICS

    def __init__(self, memory: VectorMemory, form: TextForm = REPORT) -> None:
        self.memory = memory
        self._form = form

    def signature(self, metric: str = METRICS[0]) -> str:
        encoder = self.memory.encoder.signature()
        return f"cosine|{encoder}|long=mean-of-windows|batch=1|{self._form.signature()}|digits={DIGITS}"

    def score(self, batch: Batch) -> list[Score]:
        return [Score(id=item.id, values={METRICS[0]: self._of(item)}) for item in batch.items]

    def references(self, batch: Batch) -> list[str]:
        """The reference texts of a batch as the encoder sees them; other arms have the same."""
        return self._seen([item.reference for item in batch.items])

    def answers(self, batch: Batch) -> list[str]:
        return self._seen([item.answer for item in batch.items])

    def long_share(self, texts: Sequence[str]) -> float:
        """Share of texts that were averaged over windows; 0 for no texts."""
        stripped = self._seen(texts)
        return sum(map(self.memory.encoder.is_long, stripped)) / len(texts) if texts else 0.0

    def _of(self, item: Item) -> float:
        reference, answer = self._form.of(item.reference), self._form.of(item.answer)
        if not reference.strip() or not answer.strip():
            return 0.0
        return round(float(self.memory.of(reference) @ self.memory.of(answer)), DIGITS) + 0.0

    def _seen(self, texts: Sequence[str]) -> list[str]:
        return [text for text in map(self._form.of, texts) if text.strip()]
