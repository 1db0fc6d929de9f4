"""The metrics that a run.yaml may name: where each is found in a score, and what a person calls it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from schemas.artifacts import Score


@dataclass(frozen=True)
class Metric:
    """A metric by its name in run.yaml. All are between 0 and 1 (similarity −1 and 1), more is better."""

    label: str
    of: Callable[[Score], float]


METRICS: Mapping[str, Metric] = {
    "rouge1": Metric("ROUGE-1", lambda score: score.rouge1),
    "rouge2": Metric("ROUGE-2", lambda score: score.rouge2),
    "rouge3": Metric("ROUGE-3", lambda score: score.rouge3),
    "rougeL": Metric("ROUGE-L", lambda score: score.rougeL),
    "embedding_similarity": Metric("embedding similarity", lambda score: score.embedding_similarity),
    "citation_accuracy": Metric("citation accuracy", lambda score: score.citation.exact),
}

CITATION_SIGNATURE = "citation|exact|urls=canonical|aliases=sources|markers=without-links|no-reference=cite-none"


def headline(metrics: Sequence[str]) -> str:
    """The metric that decides which arm won: ROUGE-L, or the first one where a run leaves it out."""
    return "rougeL" if "rougeL" in metrics or not metrics else metrics[0]
