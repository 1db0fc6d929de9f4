"""From votes to an outcome: the same winner in both orders wins, everything else is a tie. Pure.

Source of the rule: Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena" (2023), section 3.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from schemas.judging import Judgement, Verdict, Vote

Outcome = Literal["first", "second", "tie", "error"]
"""``error``: in one of the orders there is no usable vote."""


def majority(votes: Sequence[Vote]) -> Verdict | None:
    """The verdict that most usable votes give, a tie when two are equally frequent; None without a usable vote."""
    counts = Counter(vote.verdict for vote in votes if vote.verdict is not None).most_common()
    if not counts:
        return None
    if len(counts) > 1 and counts[0][1] == counts[1][1]:
        return "tie"
    return counts[0][0]


def outcome(judgement: Judgement) -> Outcome:
    """Who wins. An answer that wins in one order and not in the other wins by its place: that is a tie."""
    forward, backward = majority(judgement.forward), majority(judgement.backward)
    if forward is None or backward is None:
        return "error"
    match forward, backward:
        case "A", "B":
            return "first"
        case "B", "A":
            return "second"
    return "tie"


def consistent(judgement: Judgement) -> bool | None:
    """Whether both orders say the same; None when one says nothing."""
    forward, backward = majority(judgement.forward), majority(judgement.backward)
    if forward is None or backward is None:
        return None
    return (forward, backward) in (("A", "B"), ("B", "A"), ("tie", "tie"))
