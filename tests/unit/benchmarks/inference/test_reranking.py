from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.inference.material import Material
from benchmarks.inference.reranking import reranked, windows
from tests.unit.shared.retrieval.making import chunk, document


@given(st.lists(st.integers(0, 9).map(str), max_size=50), st.integers(2, 12))
def test_windows_hold_every_word_and_none_is_too_long(words: list[str], size: int) -> None:
    cut = [window.split() for window in windows(" ".join(words), size)]
    assert all(len(window) <= size for window in cut)
    step = size // 2
    assert [word for window in cut[:-1] for word in window[:step]] + cut[-1] == words


def test_of_candidates_the_one_with_the_best_window_comes_first() -> None:
    texts = {"c1": "voucher of tea", "c2": "voucher of milk"}
    given = Material(
        [document("a")], [chunk(id, "a", text) for id, text in texts.items()], ["voucher"], [frozenset({"c2"})]
    )

    def embed(texts: list[str]) -> list[list[float]]:
        return [[0.0, 1.0] if "tea" in text else [1.0, 0.0] for text in texts]

    assert reranked(given, [["c1", "c2"]], embed) == [["c2", "c1"]]
