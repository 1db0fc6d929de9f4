"""Pairs of texts to score: made-up words as frequent as real ones are, the answer half of the reference."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

SENTENCE = 20
"""Words in a line."""

_SYLLABLES = [first + vowel for first in "bcdfgklmnprstvz" for vowel in "aeiou"]
_ENDINGS = ["", "", "", "s", "ing", "ed", "ation", "ness"]
_WORDS = 20_000
_KEPT = 0.5


@dataclass(frozen=True)
class Texts:
    """Pairs by place."""

    references: list[str]
    answers: list[str]


def texts(words: int, pairs: int, *, seed: int = 1) -> Texts:
    """``pairs`` pairs of ``words`` words each, in lines of ``SENTENCE`` words; the same for the same arguments."""
    rng = random.Random(f"{words} {seed}")
    vocabulary = sorted({_word(rng) for _ in range(_WORDS)})
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    references = [rng.choices(vocabulary, cum_weights=weights, k=words) for _ in range(pairs)]
    answers = [
        [old if rng.random() < _KEPT else new for old, new in zip(reference, fresh, strict=True)]
        for reference in references
        for fresh in [rng.choices(vocabulary, cum_weights=weights, k=words)]
    ]
    return Texts([_lines(reference) for reference in references], [_lines(answer) for answer in answers])


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 3))) + rng.choice(_ENDINGS)


def _lines(words: Sequence[str]) -> str:
    sentences = (words[start : start + SENTENCE] for start in range(0, len(words), SENTENCE))
    return "\n".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
