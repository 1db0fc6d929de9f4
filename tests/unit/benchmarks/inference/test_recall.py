"""Recall of what retrieval gives, over real questions: the numbers that the documentation tells."""

from __future__ import annotations

from statistics import mean

import pytest

from benchmarks.inference.material import COOKBOOKS, DATA, MANUALS, cookbooks, korean
from benchmarks.inference.recall import by_both, by_words, found

here = pytest.mark.skipif(
    not COOKBOOKS.is_dir() or not all((DATA / "documents" / name).is_dir() for name in MANUALS),
    reason="the real files of ../shared/data are not beside this checkout",
)


@pytest.mark.parametrize(
    ("answering", "ranking", "k", "recall", "hit"),
    [
        ({"a", "b"}, ["a", "x", "b"], 3, 1.0, 1.0),
        ({"a", "b"}, ["a", "x", "b"], 2, 0.5, 1.0),
        ({"a"}, ["x", "y", "a"], 2, 0.0, 0.0),
        ({"a"}, [], 2, 0.0, 0.0),
    ],
)
def test_recall_is_the_share_of_what_answers_among_the_first(
    answering: set[str], ranking: list[str], k: int, recall: float, hit: float
) -> None:
    told = found([answering], [ranking], k)
    assert (told.recall, told.hit) == ([recall], [hit])


@here
@pytest.mark.slow
def test_words_and_meaning_together_find_what_answers_the_cookbooks_questions() -> None:
    given = cookbooks()
    both, words = (found(given.answering, rankings) for rankings in (by_both(given), by_words(given)))
    assert mean(both.recall) >= 0.80 and mean(both.hit) >= 0.97
    assert mean(words.recall) < 0.70


@here
def test_pairs_of_syllables_find_what_answers_korean_questions() -> None:
    given = korean()
    rankings = by_words(given, k=10)
    assert mean(found(given.answering, rankings, 4).recall) >= 0.98
    assert mean(found(given.answering, rankings, 10).recall) == 1.0
