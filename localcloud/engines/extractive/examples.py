"""Training rows as the model sees them: features and targets, made once or once an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from localcloud.engines.extractive.citing import addresses, cite_features, cited
from localcloud.engines.extractive.features import Matrix, features
from localcloud.engines.extractive.instructions import Instructions, read_instructions
from localcloud.engines.extractive.length import stop_features
from localcloud.engines.extractive.model import ReaderModel
from localcloud.engines.extractive.ordering import as_retrieved
from localcloud.engines.extractive.overlap import overlap, tokens
from localcloud.engines.extractive.pool import Pool, make_pool
from localcloud.engines.extractive.ranker import Vector, scores, softmax
from localcloud.engines.extractive.reader import pick
from localcloud.engines.extractive.refusing import is_refusal
from localcloud.engines.extractive.rows import Row
from localcloud.engines.extractive.selection import in_order_of_worth
from localcloud.engines.extractive.turns import read_turn

SHARPNESS = 8.0
"""How much of the target goes to the best piece: one with 7/8 of its overlap gets a share e times smaller."""
PREFIXES = 7
"""Longest answer, in pieces, that the stop model is taught about."""
GAIN_SCALE = 0.02
"""Gain in overlap that makes going on clearly right."""


@dataclass(frozen=True)
class Example:
    """A row with its pool. ``target`` spreads 1 over the pieces by their overlap with the wanted answer."""

    row: Row
    asked: Instructions
    pool: Pool
    matrix: Matrix
    target: Vector
    said: tuple[tuple[str, ...], ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Decisions:
    """What follows from a ranking: whether to say more, and whom to cite, with targets between 0 and 1."""

    stop: Matrix
    stop_target: Vector
    cite: Matrix
    cite_target: Vector


def make_examples(rows: Sequence[Row]) -> tuple[list[Example], list[Example]]:
    """Examples that answer, and those that refuse, of the rows that have documents with text.

    A row without any teaches the reader nothing.
    """
    answering: list[Example] = []
    refusing: list[Example] = []
    turns = as_retrieved([read_turn(row.user) for row in rows], [row.answer for row in rows])
    for row, turn in zip(rows, turns, strict=True):
        pool = make_pool(turn.question, turn.documents)
        if pool.pieces:
            (refusing if is_refusal(row, pool) else answering).append(_example(row, pool))
    return answering, refusing


def without_answer(example: Example) -> Pool | None:
    """The example's question asked of the documents that its answer does not cite; None where nothing is left."""
    told = dict(zip(addresses(example.pool), cited(example.pool, example.row.answer), strict=True))
    rest = [document for document in example.pool.documents if not told[document.url]]
    pool = make_pool(example.pool.question.text, rest)
    return pool if len(rest) < len(example.pool.documents) and pool.pieces else None


def decide(example: Example, model: ReaderModel) -> Decisions:
    """Decisions on the model's own ranking, so that it learns from the picks that it would make."""
    values = scores(example.matrix, model.rank)
    ranked = in_order_of_worth(example.pool, values, PREFIXES)
    rows = stop_features(example.pool, ranked, values)
    picks = pick(example.pool, values, example.asked, model)
    return Decisions(
        rows,
        _worth_going_on(example, ranked),
        cite_features(example.pool, picks, values),
        cited(example.pool, example.row.answer),
    )


def _example(row: Row, pool: Pool) -> Example:
    wanted = tokens(row.answer)
    said = tuple(tokens(piece.wording) for piece in pool.pieces)
    likeness = np.asarray([overlap(text, wanted) for text in said])
    target = softmax(SHARPNESS * likeness / (likeness.max() or 1.0))
    return Example(row, read_instructions(row.system), pool, features(pool), target, said, wanted)


def _worth_going_on(example: Example, ranked: Sequence[int]) -> Vector:
    """For each decision: near 1 when a longer answer beats stopping here, near 0 when none does."""
    values: list[float] = []
    text: list[str] = []
    for i in ranked:
        text.extend(example.said[i])
        values.append(overlap(text, example.wanted))
    gains = [max(values[j + 1 :]) - values[j] for j in range(len(values) - 1)]
    return np.asarray([1 / (1 + np.exp(-np.clip(gain / GAIN_SCALE, -30, 30))) for gain in gains])
