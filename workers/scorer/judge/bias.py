"""How a judge judges: does it prefer a place, does it say the same twice, how often does it say nothing? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.judging import Judgement
from schemas.report import JudgeBias, JudgeCanary
from workers.scorer.judge.canaries import LEAST
from workers.scorer.judge.deciding import consistent, majority, outcome


def bias(judgements: Sequence[Judgement]) -> JudgeBias:
    """Over matches; a share of nothing is None."""
    votes = [vote for found in judgements for vote in (*found.forward, *found.backward)]
    decided = [vote.verdict for vote in votes if vote.verdict in ("A", "B")]
    same = [said for said in map(consistent, judgements) if said is not None]
    outcomes = [outcome(found) for found in judgements]
    return JudgeBias(
        votes=len(votes),
        first_slot=_share(decided.count("A"), len(decided)),
        consistency=_share(sum(same), len(same)),
        ties=_share(outcomes.count("tie"), len(outcomes)),
        errors=_share(outcomes.count("error"), len(outcomes)),
    )


def canary_results(judgements: Sequence[Judgement]) -> list[JudgeCanary]:
    """By kind how many ended as they had to: equal answers in a tie whichever comes first, the reference before what
    answers nothing."""
    results = []
    for kind in dict.fromkeys(found.kind for found in judgements):
        of_kind = [found for found in judgements if found.kind == kind]
        passed = sum(map(_ties if kind == "identical" else _first_wins, of_kind))
        results.append(JudgeCanary(kind=kind, n=len(of_kind), passed=passed, valid=passed >= LEAST * len(of_kind)))
    return results


def _ties(judgement: Judgement) -> bool:
    return majority(judgement.forward) == majority(judgement.backward) == "tie"


def _first_wins(judgement: Judgement) -> bool:
    return outcome(judgement) == "first"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
