"""Cross-validation: folds of whole groups, the reader trained on the others, every question answered once a repeat."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.inference.reader.sets import QuestionSet
from localcloud.engines.contract import Step
from localcloud.engines.extractive import READER, ExtractiveEngine
from schemas.artifacts import GroundTruth
from workers.dataset_builder.examples import ExampleMaker
from workers.dataset_builder.rows import Rows

FOLDS = 5


def folds(groups: Mapping[str, str], seed: int, count: int = FOLDS) -> list[list[str]]:
    """Ids of about equally many questions a fold; a group is never split."""
    members: dict[str, list[str]] = {}
    for id, group in groups.items():
        members.setdefault(group, []).append(id)
    names = sorted(members)
    random.Random(seed).shuffle(names)
    parts: list[list[str]] = [[] for _ in range(count)]
    for name in sorted(names, key=lambda name: -len(members[name])):
        min(parts, key=len).extend(members[name])
    return parts


def splits(questions: QuestionSet, seed: int) -> Iterator[tuple[list[GroundTruth], list[GroundTruth]]]:
    """(to train with, to answer) for each fold."""
    for held_out in map(frozenset, folds(questions.groups, seed)):
        yield (
            [pair for pair in questions.questions if pair.id not in held_out],
            [pair for pair in questions.questions if pair.id in held_out],
        )


def trained(
    questions: QuestionSet, pairs: Sequence[GroundTruth], held_out: Sequence[GroundTruth], seed: int
) -> Weights:
    """Weights after a job with Bedrock's defaults on rows as dataset-builder makes them, of ``pairs`` alone.

    Where groups are documents, those of the held-out questions are shown to no training row.
    """
    rows = [json.loads(line) for line in training_rows(questions, pairs, held_out, seed)]
    return ExtractiveEngine().train(
        model=READER, rows=rows, validation=[], hyperparameters={"seed": str(seed)}, progress=_ignore
    )


Weights = dict[str, object]


def training_rows(
    questions: QuestionSet, pairs: Sequence[GroundTruth], held_out: Sequence[GroundTruth], seed: int
) -> list[bytes]:
    """The lines of a training file in Converse's format."""
    by_question = all(id == group for id, group in questions.groups.items())
    barred = frozenset() if by_question else frozenset(url for pair in held_out for url in pair.references)
    index = questions.corpus.index(without=barred)
    nearest = questions.corpus.nearest(index, [pair.question for pair in pairs], questions.top_k)
    maker = ExampleMaker(index, index.documents, top_k=questions.top_k, seed=seed, nearest=nearest)
    return Rows([maker.original(pair) for pair in pairs], questions.improved).written("converse").splitlines()


def _ignore(step: Step) -> None:
    """Losses are not looked at here."""
