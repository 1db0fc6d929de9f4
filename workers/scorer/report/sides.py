"""An example's two answers side by side, the words that differ marked."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.report import Example, ExampleAnswer
from workers.scorer.report.differences import Piece, differences


@dataclass(frozen=True)
class Side:
    """One answer in pieces. ``tag`` is the element that marks a piece: del on the left, ins on the right."""

    answer: ExampleAnswer
    pieces: list[Piece]
    tag: str


def sides(example: Example) -> list[Side]:
    """Baseline left, the compared arm right; answers of any other number are shown unmarked."""
    if len(example.answers) != 2:
        return [Side(answer, [Piece(answer.answer, False)], "span") for answer in example.answers]
    before, after = example.answers
    left, right = differences(before.answer, after.answer)
    return [Side(before, left, "del"), Side(after, right, "ins")]
