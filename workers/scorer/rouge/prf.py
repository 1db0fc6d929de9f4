"""Precision, recall and their harmonic mean, in rouge-score's order of operations: another has other last bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
"""Whole numbers, one per pair."""
Values = npt.NDArray[np.float64]
"""Precision, recall and F-measure, shape (pairs, 3)."""


@dataclass(frozen=True, slots=True)
class Prf:
    """Each 0 to 1. What one of the texts has nothing of is 0, never an error."""

    precision: float
    recall: float
    fmeasure: float


def prf(hits: int, reference: int, answer: int) -> Prf:
    """From what is common to both texts, and what each has in all."""
    precision, recall = hits / max(answer, 1), hits / max(reference, 1)
    both = precision + recall
    return Prf(precision, recall, 2 * precision * recall / both if both > 0 else 0.0)


def prf_columns(hits: Counts, references: Counts, answers: Counts) -> Values:
    """The same of many pairs."""
    precision, recall = hits / np.maximum(answers, 1), hits / np.maximum(references, 1)
    both = precision + recall
    return np.stack([precision, recall, 2 * precision * recall / np.where(both > 0, both, 1.0)], axis=1)
