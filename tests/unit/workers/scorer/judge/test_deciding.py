from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.judging import Verdict
from tests.unit.workers.scorer.judge.making import judgement, vote
from workers.scorer.judge.deciding import Outcome, consistent, majority, outcome

VERDICTS = st.lists(st.sampled_from(["A", "B", "tie", None]), min_size=1, max_size=5)
SWAP: dict[Verdict | None, Verdict | None] = {"A": "B", "B": "A", "tie": "tie", None: None}


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["A"], "A"),
        (["A", "A", "B"], "A"),
        (["A", "B"], "tie"),
        (["A", "B", "tie"], "tie"),
        (["tie", "tie", "B"], "tie"),
        (["B", None, None], "B"),
        ([None], None),
        ([], None),
    ],
)
def test_most_votes_decide_and_equal_numbers_are_a_tie(
    verdicts: Sequence[Verdict | None], expected: Verdict | None
) -> None:
    assert majority([vote(verdict) for verdict in verdicts]) == expected


@pytest.mark.parametrize(
    ("forward", "backward", "expected", "same"),
    [
        ("A", "B", "first", True),
        ("B", "A", "second", True),
        ("tie", "tie", "tie", True),
        ("A", "A", "tie", False),
        ("B", "B", "tie", False),
        ("A", "tie", "tie", False),
        ("tie", "A", "tie", False),
        (None, "B", "error", None),
        ("A", None, "error", None),
    ],
)
def test_an_answer_wins_only_if_it_wins_in_both_places(
    forward: Verdict | None, backward: Verdict | None, expected: Outcome, same: bool | None
) -> None:
    found = judgement([forward], [backward])
    assert (outcome(found), consistent(found)) == (expected, same)


@given(VERDICTS, VERDICTS)
def test_exchanging_the_answers_exchanges_the_outcome(
    forward: list[Verdict | None], backward: list[Verdict | None]
) -> None:
    exchanged = {"first": "second", "second": "first", "tie": "tie", "error": "error"}
    turned = judgement([SWAP[verdict] for verdict in forward], [SWAP[verdict] for verdict in backward])
    assert outcome(turned) == exchanged[outcome(judgement(forward, backward))]
