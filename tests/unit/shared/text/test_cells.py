"""Cells that a spreadsheet opens."""

from __future__ import annotations

import pytest

from shared.text.cells import inert


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_what_looks_like_a_formula_becomes_text(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ft-40", "답변", " =1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text
