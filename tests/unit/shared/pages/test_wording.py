"""Untrusted text can do nothing unseen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pages.wording import seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 요금제\n\ttext", "plain 요금제\n\ttext"),
        ("a\r\nb", "a\nb"),
        ("\x1b[31mred\x1b]0;title\x07", "�[31mred�]0;title�"),
        ("over\rwritten", "over�written"),
        ("user\u202etxt.exe", "user�txt.exe"),
        ("half \ud83d", "half �"),
        ("\x9b2J", "�2J"),
    ],
)
def test_what_works_unseen_is_shown_as_a_mark(text: str, shown: str) -> None:
    assert seen(text) == shown


@given(st.text(alphabet=st.characters()))
def test_no_control_character_is_left_and_letters_stay(text: str) -> None:
    shown = seen(text)
    assert {char for char in shown if unicodedata.category(char) in ("Cc", "Cs")} <= {"\n", "\t"}
    letters = [char for char in text if unicodedata.category(char).startswith("L")]
    assert [char for char in shown if unicodedata.category(char).startswith("L")] == letters
