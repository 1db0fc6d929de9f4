"""The recipe by which a run's missing samples are written. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from schemas.artifacts import GroundTruth
from schemas.experiment import Experiment
from schemas.recipe import Recipe, StyleExample
from shared.prompting.library import prompt
from shared.text.language import detect_language

STYLE_EXAMPLES = 6
"""Ground-truth pairs shown to the teacher."""

SURPLUS = 1.3
"""More samples are asked for than needed: filters and duplicates take their share."""

MIN_ANSWER_WORDS = 40
"""A length limit below this would refuse good answers."""


def wanted_synthetic(experiment: Experiment) -> int:
    """Samples that the hungriest arm asks for: arms are nested, so that this many serve all."""
    return max((arm.train.synthetic for arm in experiment.arms if arm.train), default=0)


def make_recipe(experiment: Experiment, train: Sequence[GroundTruth], documents: int) -> Recipe:
    """House style and length from the training pairs; an even quota for each of ``documents`` documents."""
    return Recipe(
        teacher=experiment.models.teacher,
        prompt=prompt("teacher"),
        per_document=math.ceil(wanted_synthetic(experiment) * SURPLUS / documents),
        language=experiment.language,
        style=[StyleExample(question=pair.question, answer=pair.answer) for pair in _styles(train)],
        max_answer_words=max(MIN_ANSWER_WORDS, _longest_usual(train)),
    )


def _styles(train: Sequence[GroundTruth]) -> list[GroundTruth]:
    """The first pairs of each language, in turn: the teacher shall see the style of all."""
    by_language: dict[str, list[GroundTruth]] = {}
    for pair in train:
        by_language.setdefault(detect_language(pair.question), []).append(pair)
    share = math.ceil(STYLE_EXAMPLES / max(1, len(by_language)))
    return [pair for language in sorted(by_language) for pair in by_language[language][:share]]


def _longest_usual(train: Sequence[GroundTruth]) -> int:
    """Words of the answer at the 95th percentile."""
    lengths = sorted(len(pair.answer.split()) for pair in train) or [0]
    return lengths[min(len(lengths) - 1, math.ceil(0.95 * len(lengths)) - 1)]
