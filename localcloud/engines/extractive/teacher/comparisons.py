"""Questions that compare: two rows of a table, two variants of a row, two named items of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher import headers, table_english, table_korean
from localcloud.engines.extractive.teacher.items import labelled, named_thing
from localcloud.engines.extractive.teacher.pair import Page, Pair
from localcloud.engines.extractive.teacher.phrases import ended, lower_first, placed
from localcloud.engines.extractive.teacher.tables import Cell, pair, telling_cells

_MOST_APART = 2
"""Rows between two that are compared: what stands together belongs together."""


def from_rows(page: Page) -> Iterator[Pair]:
    """How near rows differ in a column, and how the variants of a row do."""
    for rows in page.blocks():
        cells = telling_cells(rows)
        for column in dict.fromkeys(cell.header for cell in cells):
            if not headers.comparable(column):
                continue
            yield from _down(page, [cell for cell in cells if cell.header == column and cell.short])
        yield from _across(page, cells)


def from_labels(page: Page) -> Iterator[Pair]:
    """The difference between neighbours in a list of named things."""
    for block in page.blocks():
        for one, two in pairwise(block):
            first, second = _named(one), _named(two)
            if first and second and (quotes := page.quote(one.text, two.text)):
                questions, answer = _difference(page, first, second)
                asked = tuple(placed(question, page, one.heading) for question in questions)
                yield Pair(("comparison",), asked, answer, quotes, "hard")


def _down(page: Page, cells: Sequence[Cell]) -> Iterator[Pair]:
    for place, one in enumerate(cells):
        for two in cells[place + 1 : place + 1 + _MOST_APART]:
            if one.value == two.value or headers.variant(one.first, one.header):
                continue
            words = table_korean.differ if page.language == "ko" else table_english.differ
            asked = words(one.first, (one.name, two.name), one.header, (one.value, two.value), page)
            yield from pair(page, asked, (one, two), "hard")


def _across(page: Page, cells: Sequence[Cell]) -> Iterator[Pair]:
    words = table_korean if page.language == "ko" else table_english
    for one, two in pairwise(cells):
        variants = all(headers.variant(cell.first, cell.header) for cell in (one, two))
        if one.row is two.row and one.value != two.value and variants and one.short and two.short:
            asked = words.differ_columns(one.first, one.name, ((one.header, one.value), (two.header, two.value)), page)
            yield from pair(page, asked, (one, two), "hard")


def _named(piece: Candidate) -> tuple[str, str] | None:
    """(label, what is said of it) of an item that names a thing."""
    match = labelled(piece) if piece.kind == "item" else None
    if match is None or not named_thing(match["label"], match["rest"]):
        return None
    return match["label"].strip("*_ "), match["rest"].strip()


def _difference(page: Page, first: tuple[str, str], second: tuple[str, str]) -> tuple[tuple[str, ...], str]:
    answer = f"{first[0]}: {ended(first[1])} {second[0]}: {ended(second[1])}"
    if page.language == "ko":
        both = f"{with_particle(first[0], '과')} {second[0]}"
        return (f"{with_particle(both, '은')} 어떻게 다른가요?", f"{both}의 차이는 무엇인가요?"), answer
    one, two = lower_first(first[0], page), lower_first(second[0], page)
    return (f"What is the difference between {one} and {two}?", f"How do {one} and {two} differ?"), answer
