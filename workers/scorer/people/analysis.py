"""Rankings in, the report of people out.

Questions are what is resampled and what arms trade places on: several raters of one question make no further questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import fmean

import numpy as np
from scipy.stats import kendalltau

from schemas.people import Estimate, JudgeVerdict, PeopleReport, RankedArm, RankedPair, Ranking, RankingProblem
from workers.scorer.people.alpha import alpha_with_interval
from workers.scorer.people.concordance import concordance
from workers.scorer.people.groups import groups
from workers.scorer.people.judging import agreement
from workers.scorer.statistics import Change, PairedTable, Rates, adjusted
from workers.scorer.statistics.values import rounded

FEW_RATERS = 3
"""Below so many raters of a question their agreement is a guess."""

ByQuestion = Mapping[str, Sequence[Ranking]]


def analyse(
    rankings: Sequence[Ranking],
    seed: int,
    problems: Sequence[RankingProblem] = (),
    verdicts: Sequence[JudgeVerdict] = (),
) -> PeopleReport:
    """``rankings`` all rank the same arms. Raises ValueError where none counts."""
    counted = [ranking for ranking in rankings if ranking.kind == "counted"]
    if not counted:
        raise ValueError("no ranking counts")
    questions = _by_question(counted)
    arms = _order(counted)
    table = _table(arms, questions, seed)
    pairs = _pairs(arms, counted, table)
    together = concordance([_means(own, arms) for own in questions.values()])
    steadiness = _taus(rankings)
    return PeopleReport(
        raters=len({ranking.rater for ranking in counted}),
        questions=len(questions),
        rankings=len(counted),
        best_possible=len(arms) * len(counted),
        arms=[_arm(arm, counted, table) for arm in arms],
        friedman_p=together.p if together else None,
        kendall_w=together.w if together else None,
        alpha=alpha_with_interval([_units(own, arms) for own in questions.values()], "ordinal", (seed, "people")),
        pairs=pairs,
        groups=groups(arms, {(pair.first, pair.second) for pair in pairs if pair.significant}),
        repeats=len(steadiness),
        repeat_tau=rounded(fmean(steadiness)) if steadiness else None,
        judge=agreement(counted, verdicts),
        problems=list(problems),
        notes=_notes(questions),
    )


def _by_question(rankings: Sequence[Ranking]) -> dict[str, list[Ranking]]:
    found: dict[str, list[Ranking]] = {}
    for ranking in sorted(rankings, key=lambda ranking: (ranking.question, ranking.rater)):
        found.setdefault(ranking.question, []).append(ranking)
    return found


def _order(rankings: Sequence[Ranking]) -> list[str]:
    """Arms, most points first."""
    return sorted(rankings[0].points, key=lambda arm: (-_total(arm, rankings), arm))


def _total(arm: str, rankings: Sequence[Ranking]) -> float:
    return sum(ranking.points[arm] for ranking in rankings)


def _table(arms: Sequence[str], questions: ByQuestion, seed: int) -> PairedTable[str]:
    """Points of an arm on a question, of as many rankings as the question has: the mean weighs rankings alike."""
    sizes = np.array([len(own) for own in questions.values()], dtype=np.float64)
    columns = {arm: Rates(np.array([_total(arm, own) for own in questions.values()]), sizes) for arm in arms}
    return PairedTable(columns, seed=(seed, "people"))


def _arm(arm: str, rankings: Sequence[Ranking], table: PairedTable[str]) -> RankedArm:
    total = _total(arm, rankings)
    low, high = table.value_interval(arm)
    return RankedArm(
        arm=arm,
        points=rounded(total),
        mean=Estimate(value=rounded(total / len(rankings)), low=low, high=high),
        firsts=rounded(sum(_first(arm, ranking.points) for ranking in rankings) / len(rankings)),
    )


def _first(arm: str, points: Mapping[str, float]) -> float:
    best = max(points.values())
    return (points[arm] == best) / sum(value == best for value in points.values())


def _pairs(arms: Sequence[str], rankings: Sequence[Ranking], table: PairedTable[str]) -> list[RankedPair]:
    couples = list(combinations(arms, 2))
    changes = adjusted([table.change(second, first) for first, second in couples])
    return [_pair(*couple, rankings, change) for couple, change in zip(couples, changes, strict=True)]


def _pair(first: str, second: str, rankings: Sequence[Ranking], change: Change) -> RankedPair:
    signs = [np.sign(ranking.points[first] - ranking.points[second]) for ranking in rankings]
    return RankedPair(
        first=first,
        second=second,
        wins=signs.count(1),
        ties=signs.count(0),
        losses=signs.count(-1),
        difference=Estimate(value=change.difference, low=change.difference_low, high=change.difference_high),
        p=change.p,
        p_holm=change.p_adjusted,
        significant=change.significant,
    )


def _means(rankings: Sequence[Ranking], arms: Sequence[str]) -> list[float]:
    return [round(_total(arm, rankings) / len(rankings), 9) for arm in arms]


def _units(rankings: Sequence[Ranking], arms: Sequence[str]) -> list[list[float]]:
    """Of each answer to a question the points that its raters gave."""
    return [[ranking.points[arm] for ranking in rankings] for arm in arms]


def _taus(rankings: Sequence[Ranking]) -> list[float]:
    """Of each task that a rater was given twice, his two rankings' tau-b; one that is all ties has none."""
    counted = {(ranking.rater, ranking.question): ranking for ranking in rankings if ranking.kind == "counted"}
    found = []
    for repeat in rankings:
        before = counted.get((repeat.rater, repeat.question))
        if repeat.kind == "repeat" and before is not None:
            arms = sorted(before.points)
            tau = kendalltau([before.points[arm] for arm in arms], [repeat.points[arm] for arm in arms]).statistic
            found.append(float(tau))
    return [tau for tau in found if np.isfinite(tau)]


def _notes(questions: ByQuestion) -> list[str]:
    shared = sum(len(own) >= FEW_RATERS for own in questions.values())
    if shared >= 0.3 * len(questions):
        return []
    return [
        f"Only {shared} of {len(questions)} questions were ranked by {FEW_RATERS} people or more; "
        "how much people agree is known from 30 % of the questions on."
    ]
