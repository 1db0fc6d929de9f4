"""Windows: nothing lost, nothing too long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.scorer.windows import windows


def words(text: str) -> int:
    return len(text.split())


def test_a_text_that_fits_stays_whole() -> None:
    assert windows("one two three", 3, words) == ["one two three"]


def test_a_long_text_is_cut_at_white_space() -> None:
    assert windows("one two three four five", 2, words) == ["one two ", "three four ", "five"]


def test_a_long_word_is_halved() -> None:
    assert windows("abcdefgh", 2, len) == ["ab", "cd", "ef", "gh"]


@given(st.text(max_size=80), st.integers(1, 9))
def test_pieces_join_to_the_text_and_fit(text: str, limit: int) -> None:
    pieces = windows(text, limit, len)
    assert "".join(pieces) == text
    assert all(len(piece) <= limit for piece in pieces if text)
