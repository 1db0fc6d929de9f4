"""A judge beside people: which of two arms each prefers, question by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from schemas.people import JudgeAgreement, JudgeVerdict, Ranking
from workers.scorer.statistics.values import rounded


def agreement(rankings: Sequence[Ranking], verdicts: Sequence[JudgeVerdict]) -> JudgeAgreement | None:
    """Over the verdicts on questions and arms that people ranked; None where there is none."""
    people = _points(rankings)
    pairs = [
        (_said(verdict), _preferred(people[verdict.question], *_sorted(verdict)))
        for verdict in verdicts
        if {verdict.first, verdict.second} <= people.get(verdict.question, {}).keys()
    ]
    if not pairs:
        return None
    agreed = sum(judge == person for judge, person in pairs) / len(pairs)
    return JudgeAgreement(n=len(pairs), agreement=rounded(agreed), kappa=kappa(pairs))


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's (Educ. Psychol. Meas. 20, 1960, 37-46): agreement beyond what the habits of both give by chance.

    None where both always say the same one thing, so that chance would agree as well.
    """
    one, other = (Counter(said) for said in zip(*pairs, strict=True))
    by_chance = sum(one[said] * other[said] for said in one) / len(pairs) ** 2
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    return None if by_chance == 1 else rounded((agreed - by_chance) / (1 - by_chance))


def _points(rankings: Sequence[Ranking]) -> Mapping[str, Counter[str]]:
    """Question → arm → points of all raters."""
    found: dict[str, Counter[str]] = {}
    for ranking in rankings:
        if ranking.kind == "counted":
            found.setdefault(ranking.question, Counter()).update(ranking.points)
    return found


def _sorted(verdict: JudgeVerdict) -> tuple[str, str]:
    first, second = sorted((verdict.first, verdict.second))
    return first, second


def _said(verdict: JudgeVerdict) -> int:
    first, second = _sorted(verdict)
    return {first: 1, second: -1}.get(verdict.winner or "", 0)


def _preferred(points: Mapping[str, float], first: str, second: str) -> int:
    """1 where people prefer ``first``, −1 ``second``, 0 neither."""
    return (points[first] > points[second]) - (points[first] < points[second])
