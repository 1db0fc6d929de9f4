"""The metrics that a run.yaml may name: what a person calls each, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Metric:
    """A metric by its name in run.yaml. Between 0 and 1, but for similarity (−1 and 1) and ``neither`` (0 and up)."""

    label: str
    better: Better = "higher"


METRICS: Mapping[str, Metric] = {
    "rouge1": Metric("ROUGE-1"),
    "rouge2": Metric("ROUGE-2"),
    "rouge3": Metric("ROUGE-3"),
    "rougeL": Metric("ROUGE-L"),
    "rougeLsum": Metric("ROUGE-Lsum"),
    "embedding_similarity": Metric("embedding similarity"),
    "citation_accuracy": Metric("citation accuracy"),
    "citation_precision": Metric("citation precision"),
    "citation_recall": Metric("citation recall"),
    "citation_f1": Metric("citation F1"),
    "citation_hit": Metric("citation hit"),
    "citation_reachable_recall": Metric("citation recall of given links"),
    "hallucinated_answers": Metric("answers with a hallucinated link", "lower"),
    "hallucinated_links": Metric("hallucinated links of an answer", "lower"),
    "chrf": Metric("chrF"),
    "char_f1": Metric("character F1"),
    "exact_match": Metric("exact match"),
    "length_ratio": Metric("length ratio", "neither"),
    "refusal_correctness": Metric("refusal correctness"),
    "language_match": Metric("language match"),
}


def better_of(metric: str) -> Better:
    """Which way is better; of a metric that is none of ours, more."""
    return METRICS[metric].better if metric in METRICS else "higher"


def headline(metrics: Sequence[str]) -> str:
    """The metric that decides which arm won: ROUGE-L, or the first one of which more is better where a run leaves it
    out."""
    higher = [name for name in metrics if METRICS[name].better == "higher"]
    return "rougeL" if "rougeL" in higher or not higher else higher[0]
