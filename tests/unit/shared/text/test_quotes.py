"""A quote is found as the filters find it, and marking it changes nothing in the text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text.quotes import ELLIPSIS, Piece, around, find_quote, highlighted

LETTERS = st.text(alphabet="ab \n\té요금\u0301\u1100\u1161\u11a8", max_size=60)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=5)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("the code ZX1", "It has the code ZX1.", "the code ZX1"),
        ("the code\nZX1", "It has the\n  code ZX1.", "the\n  code ZX1"),
        ("  the code ", "the code", "the code"),
        ("요금제", unicodedata.normalize("NFD", "새 요금제입니다"), unicodedata.normalize("NFD", "요금제")),
        (unicodedata.normalize("NFD", "요금제"), "새 요금제입니다", "요금제"),
        ("café", "cafe\u0301 au lait", "cafe\u0301"),
        ("the code ZX2", "It has the code ZX1.", None),
        ("ab", "a b", None),
        ("", "text", None),
        (" \n", "a b", None),
        ("x", "", None),
    ],
)
def test_a_quote_is_found_but_for_white_space_and_composition(quote: str, text: str, found: str | None) -> None:
    span = find_quote(quote, text)
    assert (None if span is None else text[slice(*span)]) == found


@given(LETTERS, LETTERS)
def test_it_is_found_exactly_where_the_filters_take_it(quote: str, text: str) -> None:
    span = find_quote(quote, text)
    wanted = squeeze(quote)
    assert (span is not None) == (bool(wanted) and wanted in squeeze(text))
    if span is not None:
        assert wanted in squeeze(text[slice(*span)])


@given(LETTERS, st.integers(0, 60), st.integers(0, 60))
def test_any_part_of_a_text_is_found_in_it(text: str, start: int, end: int) -> None:
    quote = unicodedata.normalize("NFC", text)[start:end]
    if squeeze(quote):
        assert find_quote(quote, text) is not None


@given(st.text(max_size=60), SPANS)
def test_the_pieces_join_to_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = highlighted(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    marked = {at for start, end in spans for at in range(start, min(end, len(text)))}
    at = 0
    for piece in pieces:
        assert piece.text
        assert {place in marked for place in range(at, at + len(piece.text))} == {piece.marked}
        at += len(piece.text)


@given(st.text(max_size=200), SPANS, st.integers(1, 40))
def test_what_is_shown_around_keeps_every_mark_and_invents_nothing(
    text: str, spans: list[tuple[int, int]], context: int
) -> None:
    pieces = highlighted(text, spans)
    shown = around(pieces, context)
    assert [piece for piece in shown if piece.marked] == [piece for piece in pieces if piece.marked]
    for piece in shown:
        for part in piece.text.split(ELLIPSIS) if not piece.marked else []:
            assert part.strip() in text
        assert piece.marked or len(piece.text) <= 2 * context + 3


def test_context_is_cut_between_words_on_the_far_side_alone() -> None:
    text = "one two three four five " * 4 + "QUOTE" + " six seven eight nine ten" * 4
    before, mark, after = around(highlighted(text, [(96, 101)]), 30)
    assert mark == Piece("QUOTE", marked=True)
    assert before.text.startswith(ELLIPSIS) and before.text.endswith("four five ")
    assert after.text.startswith(" six seven") and after.text.endswith(ELLIPSIS)


def test_without_a_mark_the_beginning_is_shown() -> None:
    assert around([Piece("alpha beta gamma delta epsilon")], 8) == [Piece("alpha beta…")]
