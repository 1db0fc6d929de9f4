from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.bedrock.operations.streaming import pieces


@given(st.text())
def test_pieces_put_together_are_the_text_and_none_is_empty(text: str) -> None:
    cut = pieces(text)
    assert "".join(cut) == text
    assert all(cut)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("one", ["one"]),
        ("가 나 다 라 마", ["가 나 다 라 ", "마"]),
        (" a b\nc  d e f g h ", [" a b\nc  d ", "e f g h "]),
        (" \n", [" \n"]),
    ],
)
def test_a_piece_has_four_words(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected
