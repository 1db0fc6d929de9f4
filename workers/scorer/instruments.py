"""What answers are measured with: made once per process, shared by every shard and every comparison."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.experiment import METRICS
from workers.scorer.embedding import Similarity
from workers.scorer.metrics import CITATION_SIGNATURE
from workers.scorer.rouge import Rouge


@dataclass(frozen=True)
class Instruments:
    """ROUGE with its tokenizer, and similarity with its encoder."""

    rouge: Rouge
    similarity: Similarity

    def signatures(self) -> dict[str, str]:
        """Metric → how exactly it is computed."""
        return {
            **{metric: self.rouge.signature(metric) for metric in self.rouge.types if metric in METRICS},
            "embedding_similarity": self.similarity.signature(),
            "citation_accuracy": CITATION_SIGNATURE,
        }
