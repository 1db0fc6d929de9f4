"""How far training may leave the prior is told by rows that it was not fitted to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from localcloud.engines.extractive.examples import Example, make_examples
from localcloud.engines.extractive.features import NAMES
from localcloud.engines.extractive.losses import listwise
from localcloud.engines.extractive.ranker import Vector, prior, softmax
from localcloud.engines.extractive.rows import read_rows
from localcloud.engines.extractive.strength import LEAST_ROWS, STRENGTHS, Rows, strength
from tests.unit.localcloud.engines.extractive.corpus import house_rows


def examples(count: int = 24) -> list[Example]:
    found, _ = make_examples(read_rows(house_rows()))
    return [found[place % len(found)] for place in range(count)]


def taught(rows: list[Example], weights: Vector) -> list[Example]:
    """Rows whose targets are what these weights would share out."""
    return [replace(row, target=softmax(row.matrix @ weights)) for row in rows]


def test_rows_that_agree_against_the_prior_loosen_it() -> None:
    other = prior()
    other[NAMES.index("coverage")] = -3.0
    assert strength(taught(examples(), other)) == min(STRENGTHS)


def test_rows_that_scatter_about_the_prior_do_not_loosen_it() -> None:
    random = np.random.default_rng(3)
    assert strength([_scattered(row, random) for row in examples()]) > min(STRENGTHS)


def _scattered(row: Example, random: np.random.Generator) -> Example:
    """Pieces of any kind, of which one is wanted, drawn by the prior's own shares."""
    matrix = random.normal(0.0, 0.3, (20, len(NAMES)))
    return replace(row, matrix=matrix, target=np.eye(20)[random.choice(20, p=softmax(matrix @ prior()))])


def test_a_few_rows_cannot_tell() -> None:
    assert strength(examples(LEAST_ROWS - 1)) == STRENGTHS[0]


def test_rows_together_have_the_gradient_of_each() -> None:
    rows, weights = examples(5), prior() + 0.1
    wanted = np.mean([listwise(row.matrix, row.target, weights).gradient for row in rows], axis=0)
    assert Rows(rows).gradient(weights, pull=0.0) == pytest.approx(wanted)
    assert Rows(rows).gradient(weights, pull=5.0) == pytest.approx(wanted + 0.1)
