from __future__ import annotations

from schemas.judging import Judgement
from tests.unit.workers.scorer.judge.making import BY_PLACE, LOST, TIED, UNSAID, WON, judgement
from workers.scorer.judge.bias import bias, canary_results


def kinds(kind: str, *found: Judgement) -> list[Judgement]:
    return [one.model_copy(update={"kind": kind}) for one in found]


def test_a_judge_that_always_takes_the_first_is_seen_as_such() -> None:
    found = bias([BY_PLACE] * 10)
    assert (found.first_slot, found.consistency, found.ties, found.errors) == (1.0, 0.0, 1.0, 0.0)


def test_a_fair_judge_takes_each_place_as_often() -> None:
    found = bias([WON, LOST, TIED, UNSAID])
    assert found.votes == 8
    assert found.first_slot == 0.6  # three of five verdicts for an answer: that of the pair with an error counts too
    assert found.consistency == 1.0
    assert (found.ties, found.errors) == (0.25, 0.25)


def test_nothing_judged_has_no_shares() -> None:
    found = bias([])
    assert (found.votes, found.first_slot, found.consistency, found.ties, found.errors) == (0, None, None, None, None)


def test_equal_answers_must_tie_and_a_reference_must_win() -> None:
    judged = [*kinds("identical", TIED, BY_PLACE), *kinds("foreign", WON), *kinds("injected", WON, LOST)]
    found = {result.kind: (result.passed, result.n, result.valid) for result in canary_results(judged)}
    # a judge that goes by the place has no tie to show for equal answers
    assert found == {"identical": (1, 2, False), "foreign": (1, 1, True), "injected": (1, 2, False)}


def test_one_in_twenty_may_fail() -> None:
    twenty = kinds("foreign", *[WON] * 19, LOST)
    assert canary_results(twenty)[0].valid
    assert not canary_results([*twenty, *kinds("foreign", judgement(["B"], ["A"]))])[0].valid
