"""The recipe by which a run's missing samples are written. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from schemas.artifacts import GroundTruth
from schemas.experiment import Experiment
from schemas.recipe import AnswerLength, Recipe, StyleExample
from shared.prompting.library import refusals, shipped_prompts
from shared.text.language import detect_language

STYLE_EXAMPLES = 6
"""Ground-truth pairs shown to the teacher."""

SURPLUS = 1.3
"""More samples are asked for than needed: filters and duplicates take their share."""

STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""Quotas are rounded to these, times a power of ten: a corpus or a wish that changes a little keeps its recipe, and
with it all that was written and paid before."""

LENGTH_SLACK = 1.25
"""Answers may pass the ground truth's 5th and 95th percentile by this factor."""
LEAST_MOST_WORDS = 40
"""A length limit below this would refuse good answers."""


def wanted_synthetic(experiment: Experiment) -> int:
    """Samples that the hungriest arm asks for: arms are nested, so that this many serve all."""
    return max((arm.train.synthetic for arm in experiment.arms if arm.train), default=0)


def make_recipe(experiment: Experiment, train: Sequence[GroundTruth], tokens: int) -> Recipe:
    """House style and lengths from the training pairs; a quota by which ``tokens`` of text give what is wanted."""
    models, synthesis = experiment.models, experiment.synthesis
    return Recipe(
        teacher=models.teacher,
        checker=models.judge if synthesis.filters.claims else None,
        closed_book=models.student if synthesis.filters.closed_book else None,
        prompts=shipped_prompts(),
        per_1000_tokens=rounded(1000 * SURPLUS * wanted_synthetic(experiment) / max(1, tokens)),
        types=synthesis.types,
        personas=synthesis.personas,
        difficulties=synthesis.difficulties,
        style=[StyleExample(question=pair.question, answer=pair.answer) for pair in _styles(train)],
        refusals={**refusals(), **synthesis.refusals},
        lengths=_lengths(train),
        language=experiment.language,
        filters=synthesis.filters,
    )


def rounded(quota: float) -> float:
    """The nearest of ``STEPS`` times a power of ten, by ratio; at most 200."""
    power = 10.0 ** math.floor(math.log10(max(quota, 0.001)))
    nearest = min(STEPS, key=lambda step: abs(math.log(step * power / max(quota, 0.001))))
    return min(200.0, round(nearest * power, 6))


def _by_language(train: Sequence[GroundTruth]) -> dict[str, list[GroundTruth]]:
    found: dict[str, list[GroundTruth]] = {}
    for pair in train:
        found.setdefault(detect_language(pair.question), []).append(pair)
    return dict(sorted(found.items()))


def _styles(train: Sequence[GroundTruth]) -> list[GroundTruth]:
    """The first pairs of each language, in turn: the teacher shall see the style of all."""
    by_language = _by_language(train)
    share = math.ceil(STYLE_EXAMPLES / max(1, len(by_language)))
    return [pair for own in by_language.values() for pair in own[:share]]


def _lengths(train: Sequence[GroundTruth]) -> dict[str, AnswerLength]:
    """Answer lengths by language, from the training pairs' own distribution."""
    lengths = {}
    for language, pairs in _by_language(train).items():
        words = sorted(len(pair.answer.split()) for pair in pairs)
        least, usual, most = (_quantile(words, share) for share in (0.05, 0.5, 0.95))
        lengths[language] = AnswerLength(
            least=max(1, math.floor(least / LENGTH_SLACK)),
            usual=max(1, usual),
            most=max(LEAST_MOST_WORDS, math.ceil(most * LENGTH_SLACK)),
        )
    return lengths


def _quantile(ordered: Sequence[int], share: float) -> int:
    """By nearest rank."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
