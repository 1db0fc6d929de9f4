"""A million short samples: parts of real questions put together, Korean and English in turn, with near duplicates
planted in known places."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.data.edits import rewordings
from benchmarks.data.questions import question_sets
from shared.text.duplicates import shingles, similarity
from shared.text.identifiers import identifiers
from shared.text.language import detect_language

PLANTED = 0.02
"""Share of the texts that reword one of those before them by a word."""
THRESHOLD = 0.8


@dataclass(frozen=True)
class Corpus:
    """Texts, and pairs of places (original, reworded) at or above the threshold."""

    texts: list[str]
    planted: list[tuple[int, int]]


def corpus(count: int, seed: int = 7) -> Corpus:
    """The same for the same arguments; the first texts of a larger one are not those of a smaller one."""
    rng = random.Random(seed)
    questions = [text for questions in question_sets() for text in questions.texts]
    pools = [[text.split() for text in questions if detect_language(text) == language] for language in ("ko", "en")]
    texts = [_composed(pools[place % 2], rng) for place in range(count - int(count * PLANTED))]
    planted = []
    while len(texts) < count:
        original = rng.randrange(len(texts))
        reworded = _reworded(texts[original], rng)
        if reworded is not None:
            planted.append((original, len(texts)))
            texts.append(reworded)
    return Corpus(texts, planted)


def _composed(pool: Sequence[list[str]], rng: random.Random) -> str:
    """The beginning of one question, the middle of another, the end of a third."""
    first, second, third = (rng.choice(pool) for _ in range(3))
    head = first[: rng.randint(1, len(first))]
    middle = second[rng.randrange(len(second)) :]
    return " ".join([*head, *middle, *third[rng.randrange(len(third)) :]])


def _reworded(text: str, rng: random.Random) -> str | None:
    ways = [other for _, other in rewordings(text, rng.randrange(1000))]
    near = [
        way
        for way in ways
        if identifiers(way) == identifiers(text) and similarity(shingles(way), shingles(text)) >= THRESHOLD
    ]
    return rng.choice(near) if near else None
