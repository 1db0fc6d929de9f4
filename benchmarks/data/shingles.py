"""Which shingles tell a reworded question from another question."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.data.edits import rewordings
from benchmarks.data.questions import Questions
from shared.text.folding import letters

LENGTHS = ((3,), (4,), (5,), (3, 4, 5))


@dataclass(frozen=True)
class Separation:
    """Jaccard similarities with shingles of some lengths: of a question and its rewordings (median; 5 of 100 are
    below ``low``), and of a question and the other one most like it (1 of 100 is above ``other``)."""

    name: str
    lengths: tuple[int, ...]
    median: float
    low: float
    other: float


def separation(questions: Questions, lengths: tuple[int, ...]) -> Separation:
    """Over one set of questions."""
    sets = [_shingles(text, lengths) for text in questions.texts]
    edited = sorted(
        _jaccard(own, _shingles(way, lengths))
        for own, text in zip(sets, questions.texts, strict=True)
        for _, way in rewordings(text)
    )
    nearest = sorted(
        max(_jaccard(own, other) for there, other in enumerate(sets) if there != here) for here, own in enumerate(sets)
    )
    low, median, other = edited[len(edited) // 20], edited[len(edited) // 2], nearest[int(len(nearest) * 0.99)]
    return Separation(questions.name, lengths, median, low, other)


def _shingles(text: str, lengths: tuple[int, ...]) -> set[str]:
    run = letters(text)
    return {run[start : start + length] for length in lengths for start in range(len(run) - length + 1)} or {run}


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
