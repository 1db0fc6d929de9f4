"""Votes and judgements for the judge's tests."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.judging import Judgement, Ratings, Verdict, Vote


def rated(value: int) -> Ratings:
    return Ratings(correctness=value, citations=value, conciseness=value, tone=value)


def vote(verdict: Verdict | None) -> Vote:
    """A vote whose ratings fit its verdict; None: an error."""
    if verdict is None:
        return Vote(error="the judge was ill")
    return Vote(verdict=verdict, a=rated(5 if verdict == "A" else 3), b=rated(5 if verdict == "B" else 3))


def judgement(
    forward: Sequence[Verdict | None], backward: Sequence[Verdict | None], id: str = "q1", first: str = "new",
    second: str = "base",
) -> Judgement:  # fmt: skip
    return Judgement(
        id=id, first=first, second=second, forward=[vote(v) for v in forward], backward=[vote(v) for v in backward]
    )


WON = judgement(["A"], ["B"])
LOST = judgement(["B"], ["A"])
TIED = judgement(["tie"], ["tie"])
BY_PLACE = judgement(["A"], ["A"])
UNSAID = judgement([None], ["A"])
