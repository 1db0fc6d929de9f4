from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.retrieval import dense
from shared.retrieval.dense import Dense, digest, write_dense

IDS = np.array([b"b", b"a", b"c", b"d"])
RANKS = np.array([1, 0, 2, 3], dtype="<u4")
ROWS = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], dtype=np.float32)
ALL = np.ones(4, dtype=np.bool_)


@pytest.fixture
def opened(tmp_path: Path) -> Dense:
    write_dense(tmp_path / "vectors", "titan", digest(IDS), 2, [ROWS[:1], ROWS[1:]])
    return Dense(tmp_path / "vectors", digest(IDS), RANKS)


@pytest.mark.parametrize(
    ("vector", "top", "allowed", "found"),
    [
        ([1, 0], 9, ALL, [1, 0, 2, 3]),
        ([1, 0], 1, ALL, [1]),
        ([1, 0], 0, ALL, []),
        ([0, 1], 2, ALL, [2, 1]),
        ([1, 0], 3, np.array([True, False, False, True]), [0, 3]),
        ([1, 0.000001], 2, ALL, [1, 0]),
    ],
)
def test_the_nearest_come_first_and_equal_ones_in_the_order_of_their_ids(
    opened: Dense, vector: list[float], top: int, allowed: np.ndarray, found: list[int]
) -> None:
    assert opened.nearest([vector], top, allowed) == [found]
    assert opened.model == "titan"


def test_vectors_of_other_chunks_are_refused(opened: Dense, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="vectors holds the vectors of other chunks"):
        Dense(tmp_path / "vectors", digest(IDS[::-1]), RANKS)


def test_a_snapshot_without_chunks_has_nothing_near(tmp_path: Path) -> None:
    write_dense(tmp_path / "vectors", "titan", digest(IDS[:0]), 0, [])
    empty = Dense(tmp_path / "vectors", digest(IDS[:0]), RANKS[:0])
    assert empty.nearest([[]], 3, ALL[:0]) == [[]]


@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 5))
def test_blocks_and_questions_asked_together_change_nothing(seed: int, top: int, block: int) -> None:
    chance = np.random.default_rng(seed)
    rows, questions = (chance.integers(-2, 3, (count, 3)).astype(np.float32) for count in (11, 4))
    ranks, allowed = chance.permutation(11), chance.random(11) < 0.8
    found = Dense.__new__(Dense)
    found._rows, found._ranks = rows, ranks
    plain = [
        sorted(np.flatnonzero(allowed).tolist(), key=lambda n: (-float(rows[n] @ question), ranks[n]))[:top]
        for question in questions
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "BLOCK", block)
        patch.setattr(dense, "_NEVER", -1e9)
        assert found.nearest(questions.tolist(), top, allowed) == plain
        assert [found.nearest([question], top, allowed)[0] for question in questions.tolist()] == plain
