"""The arms over one set of questions: what each question's answer was worth, by arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.inference.reader.arms import Values, lead, measured, oracle, read
from benchmarks.inference.reader.folds import splits, trained
from benchmarks.inference.reader.sets import QuestionSet
from schemas.artifacts import RetrievedDocument

ARMS = ("first sentences", "baseline prompt", "improved prompt", "trained", "oracle")
METRICS = ("ROUGE-3", "ROUGE-L", "citation accuracy")

Shown = Mapping[str, Sequence[RetrievedDocument]]


@dataclass(frozen=True)
class Comparison:
    """``values``: by arm, a row per question and a column per metric; of "trained" the mean over the repeats."""

    name: str
    questions: int
    values: Mapping[str, NDArray[np.float64]]


def compare(questions: QuestionSet, seeds: Sequence[int]) -> Comparison:
    """All arms. The trained one is cross-validated once for each seed, which draws folds and training alike."""
    index = questions.corpus.index()
    nearest = questions.corpus.nearest(index, [pair.question for pair in questions.questions], questions.top_k)
    shown = {pair.id: nearest[pair.question][: questions.top_k] for pair in questions.questions}
    found: dict[str, list[Values]] = {arm: [] for arm in ARMS if arm != "trained"}
    for pair in questions.questions:
        documents = shown[pair.id]
        answers = {
            "first sentences": lead(documents),
            "baseline prompt": read(questions.baseline, pair.question, documents, None),
            "improved prompt": read(questions.improved, pair.question, documents, None),
            "oracle": oracle(pair, documents),
        }
        for arm, answer in answers.items():
            found[arm].append(measured(pair, documents, answer))
    repeats = [_trained(questions, shown, seed) for seed in seeds]
    values = {arm: _rows(own) for arm, own in found.items()} | {"trained": np.mean(repeats, axis=0)}
    return Comparison(questions.name, len(questions.questions), {arm: values[arm] for arm in ARMS})


def _trained(questions: QuestionSet, shown: Shown, seed: int) -> NDArray[np.float64]:
    """Every question answered by the reader that was trained without it."""
    found: dict[str, Values] = {}
    for pairs, held_out in splits(questions, seed):
        weights = trained(questions, pairs, held_out, seed)
        for pair in held_out:
            answer = read(questions.improved, pair.question, shown[pair.id], weights)
            found[pair.id] = measured(pair, shown[pair.id], answer)
    return _rows([found[pair.id] for pair in questions.questions])


def _rows(values: Sequence[Values]) -> NDArray[np.float64]:
    return np.asarray([astuple(own) for own in values])
