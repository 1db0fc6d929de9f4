"""When an answer has enough: rules for a base model, a small logistic model after training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from localcloud.engines.extractive.instructions import Instructions
from localcloud.engines.extractive.pool import Pool
from localcloud.engines.extractive.ranker import Vector, softmax
from localcloud.engines.extractive.selection import continues, follows

STOP_NAMES = (
    "bias",
    "gap",
    "share",
    "told",
    "words_told",
    "words_next",
    "same_document",
    "same_block",
    "adjacent",
    "procedure",
    "number",
    "several",
    "yesno",
    "korean",
)
"""What decides whether one more piece is said; a positive sum goes on."""
_PRIOR = {"bias": 0.5, "gap": -0.6, "told": -0.5, "same_block": 0.5}

WORDY_PICKS = 6
DETAILED_PICKS = 8
BRIEF_PICKS = 2
BRIEF_GAP = 1.0
LIMITED_GAP = 2.0


@dataclass(frozen=True)
class Budget:
    """Bounds of an answer: pieces, words, and how far below the best a piece's score may lie."""

    picks: int
    words: int | None
    gap: float


def prior() -> Vector:
    """Weights before training, in the order of the names."""
    return np.asarray([_PRIOR.get(name, 0.0) for name in STOP_NAMES])


def budget(asked: Instructions) -> Budget:
    """What the prompt allows. Without a word about length, a base model says a lot."""
    if asked.sentences:
        return Budget(asked.sentences, asked.words, BRIEF_GAP if asked.tone == "brief" else LIMITED_GAP)
    if asked.tone == "brief":
        return Budget(BRIEF_PICKS, asked.words, BRIEF_GAP)
    if asked.words:
        return Budget(DETAILED_PICKS, asked.words, LIMITED_GAP)
    return Budget(DETAILED_PICKS if asked.tone == "detailed" else WORDY_PICKS, None, math.inf)


def cut_by_rule(pool: Pool, ranked: Sequence[int], scores: Vector, bounds: Budget) -> list[int]:
    """The picks of a base model: a list that was asked for is said whole and then nothing else, as bounds allow."""
    kept: list[int] = []
    chain = 0
    for i in ranked[: bounds.picks]:
        chained = bool(kept) and continues(pool, kept, i)
        near = scores[ranked[0]] - scores[i] <= bounds.gap
        if kept and not chained and (chain or not near) and bounds.gap < math.inf:
            break
        chain += chained
        kept.append(i)
    return within_words(pool, kept, bounds.words)


def cut_by_model(pool: Pool, ranked: Sequence[int], scores: Vector, weights: Vector, bounds: Budget) -> list[int]:
    """The picks of a trained model, inside hard limits that the prompt sets."""
    rows = stop_features(pool, ranked, scores)
    count = 1
    while count < min(len(ranked), bounds.picks) and rows[count - 1] @ weights > 0:
        count += 1
    return within_words(pool, list(ranked[:count]), bounds.words)


def within_words(pool: Pool, picks: list[int], limit: int | None) -> list[int]:
    """As many picks as fit; the first always stays."""
    if limit is None:
        return picks
    total, kept = 0, 0
    for i in picks:
        total += len(pool.pieces[i].wording.split())
        if kept and total > limit:
            break
        kept += 1
    return picks[:kept]


def stop_features(pool: Pool, ranked: Sequence[int], scores: Vector) -> Vector:
    """Row j describes the decision to say pick j+1 after picks 0…j; one row fewer than picks."""
    shares = softmax(scores)
    told, rows = 0, []
    types, korean = pool.question.types, pool.question.language == "ko"
    for j in range(1, len(ranked)):
        before, now = ranked[j - 1], ranked[j]
        told += len(pool.pieces[before].view.terms)
        size = len(pool.pieces[now].view.terms)
        same = pool.pieces[before].document == pool.pieces[now].document
        rows.append(
            [
                1.0,
                float(scores[ranked[0]] - scores[now]),
                float(shares[now]),
                float(j),
                told / 50,
                size / 50,
                float(same),
                float(follows(pool, before, now)),
                float(same and abs(now - before) == 1),
                float("procedure" in types),
                float("number" in types),
                float("several" in types),
                float("yesno" in types),
                float(korean),
            ]
        )
    return np.asarray(rows).reshape(-1, len(STOP_NAMES))
