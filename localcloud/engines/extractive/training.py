"""Fine-tuning: the ranker, the stop model and the citation head by gradient steps, then the house style by counting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from localcloud.engines.contract import Step
from localcloud.engines.extractive.adam import Adam
from localcloud.engines.extractive.calibration import calibrated
from localcloud.engines.extractive.citing import learn_link_style
from localcloud.engines.extractive.examples import Decisions, Example, decide, make_examples, without_answer
from localcloud.engines.extractive.features import features
from localcloud.engines.extractive.hyperparameters import (
    PASSES_PER_EPOCH,
    STEP_SIZE,
    Hyperparameters,
    read_hyperparameters,
)
from localcloud.engines.extractive.losses import Loss, listwise, logistic, pull
from localcloud.engines.extractive.model import ReaderModel, base_model, rounded
from localcloud.engines.extractive.pool import Pool
from localcloud.engines.extractive.ranker import Vector, scores
from localcloud.engines.extractive.refusing import Evidence, Refusal, learn_refusal, sure_features
from localcloud.engines.extractive.rows import read_rows
from localcloud.engines.extractive.strength import strength
from localcloud.engines.extractive.style import Style
from localcloud.engines.extractive.styling import learn_style

PULL = 4.0
"""Strength of the prior of the stop model and the citation head, worth about as much as four rows."""
HEADS = ("rank", "stop", "cite")


def train(
    rows: Sequence[dict[str, Any]],
    validation: Sequence[dict[str, Any]],
    hyperparameters: Mapping[str, str],
    progress: Callable[[Step], None],
) -> dict[str, Any]:
    """Weights as JSON; ``validation`` in them lists (epoch, loss). Raises ValueError for bad rows or values."""
    settings = read_hyperparameters(hyperparameters)
    examples, refusing = make_examples(read_rows(rows))
    if not examples:
        found = "every row refuses to answer" if refusing else "no row has documents and a question in the layout"
        raise ValueError(f"{found}; the reader learns from rows with documents, a question and an answer from them")
    held_out, _ = make_examples(read_rows(validation))
    trainer = Trainer(examples, settings, progress)
    losses = trainer.run(held_out)
    answers = [example.row.answer for example in examples]
    model = replace(calibrated(trainer.model, examples), links=learn_link_style(answers))
    model = replace(model, style=learn_style(examples, model), refusal=_learn_refusal(examples, refusing, model))
    return {**model.as_json(), "validation": losses}


def _learn_refusal(examples: Sequence[Example], refusing: Sequence[Example], model: ReaderModel) -> Refusal | None:
    """From the rows that refuse, and from the others with and without the documents that they cite."""
    if not refusing:
        return None
    bare = [pool for example in examples if (pool := without_answer(example))]
    pools = [(example.pool, True) for example in examples] + [(example.pool, False) for example in refusing]
    evidence = [_evidence(pool, answered, model) for pool, answered in [*pools, *((pool, False) for pool in bare)]]
    share = len(refusing) / (len(examples) + len(refusing))
    return learn_refusal([example.row.answer for example in refusing], evidence, share)


def _evidence(pool: Pool, answered: bool, model: ReaderModel) -> Evidence:
    matrix = features(pool)
    return Evidence(sure_features(pool, matrix, scores(matrix, model.rank)), answered)


class Trainer:
    """Minibatch gradient steps over all three heads at once. Seeded: the same rows give the same weights."""

    def __init__(
        self, examples: Sequence[Example], settings: Hyperparameters, progress: Callable[[Step], None]
    ) -> None:
        self._examples = examples
        self._settings = settings
        self._progress = progress
        self._prior = base_model()
        self._pulls = {head: PULL for head in HEADS} | {"rank": strength(examples)}
        self._random = np.random.default_rng(settings.seed)
        self._adams = {head: Adam(len(getattr(self._prior, head))) for head in HEADS}
        self._steps = 0
        self.model = replace(self._prior, style=Style())

    def run(self, held_out: Sequence[Example]) -> list[tuple[int, float]]:
        """All epochs, or fewer when the validation loss stops falling; the best epoch's weights stay."""
        losses: list[tuple[int, float]] = []
        best, best_model, waited = np.inf, self.model, 0
        for epoch in range(1, self._settings.epochs + 1):
            self._epoch(epoch)
            if not held_out:
                continue
            value = self._validate(held_out)
            losses.append((epoch, round(value, 6)))
            if value < best - self._settings.threshold:
                best, best_model, waited = value, self.model, 0
            else:
                waited += 1
            if waited >= self._settings.patience:
                break
        self.model = _stored(best_model if held_out else self.model)
        return losses

    def _epoch(self, epoch: int) -> None:
        for part in range(PASSES_PER_EPOCH):
            if part % (PASSES_PER_EPOCH // 2) == 0:
                decisions = [decide(example, self.model) for example in self._examples]
            order = self._random.permutation(len(self._examples))
            for start in range(0, len(order), self._settings.batch_size):
                batch = order[start : start + self._settings.batch_size]
                loss = self._step([(self._examples[i], decisions[i]) for i in batch])
                self._progress(Step(self._steps, epoch, round(loss, 6)))

    def _step(self, batch: Sequence[tuple[Example, Decisions]]) -> float:
        self._steps += 1
        warm = min(1.0, self._steps / (self._settings.warmup_steps or 1))
        size = STEP_SIZE * self._settings.multiplier * warm
        total = 0.0
        moved: dict[str, Vector] = {}
        for head in HEADS:
            weights: Vector = getattr(self.model, head)
            loss = _mean([_head_loss(head, example, decisions, weights) for example, decisions in batch])
            near = pull(weights, getattr(self._prior, head), self._pulls[head] / len(self._examples))
            total += loss.value + near.value
            moved[head] = weights - size * self._adams[head].direction(loss.gradient + near.gradient)
        self.model = replace(self.model, rank=moved["rank"], stop=moved["stop"], cite=moved["cite"])
        return total

    def _validate(self, held_out: Sequence[Example]) -> float:
        found = [(example, decide(example, self.model)) for example in held_out]
        return sum(
            _mean([_head_loss(head, example, made, getattr(self.model, head)) for example, made in found]).value
            for head in HEADS
        )


def _head_loss(head: str, example: Example, decisions: Decisions, weights: Vector) -> Loss:
    if head == "rank":
        return listwise(example.matrix, example.target, weights)
    if head == "stop":
        return logistic(decisions.stop, decisions.stop_target, weights)
    return logistic(decisions.cite, decisions.cite_target, weights)


def _mean(losses: Sequence[Loss]) -> Loss:
    value = sum(loss.value for loss in losses) / len(losses)
    return Loss(value, np.sum([loss.gradient for loss in losses], axis=0) / len(losses))


def _stored(model: ReaderModel) -> ReaderModel:
    return replace(model, rank=rounded(model.rank), stop=rounded(model.stop), cite=rounded(model.cite))
