"""How people ranked the answers, blind, and how much they agreed."""

from __future__ import annotations

from functools import partial

from schemas.people import Estimate, PeopleReport, RankedPair
from schemas.report import Report
from shared.text import numbers
from workers.scorer.report.sections.model import Labels, Section, Table
from workers.scorer.report.sections.texts import estimate, probability, share

_two = partial(numbers.decimal, digits=2)
_signed = partial(numbers.signed_decimal, digits=2)


def people(report: Report, t: Labels) -> Section:
    """Where nobody was asked: how to ask."""
    words, found = t["people"], report.people
    if found is None:
        return Section("people", words["heading"], intro=[words["empty"]])
    return Section(
        "people",
        words["heading"],
        intro=[words["why"]],
        facts=_facts(found, words, t["not_available"]),
        tables=[_arms(found, words)],
        folded=[_pairs(found, words)] if found.pairs else [],
        notes=[*_groups(found, words), *found.notes, *_problems(found, words)],
    )


def _facts(found: PeopleReport, words: Labels, absent: str) -> list[tuple[str, str]]:
    told: list[tuple[str, str | None]] = [
        (words["raters"], numbers.count(found.raters)),
        (words["questions"], numbers.count(found.questions)),
        (words["rankings"], numbers.count(found.rankings)),
        (words["friedman"], probability(found.friedman_p)),
        (words["kendall"], numbers.decimal(found.kendall_w)),
        (words["alpha"], _one_line(found.alpha)),
    ]
    if found.repeats:
        told.append((words["repeats"].format(n=numbers.count(found.repeats)), numbers.decimal(found.repeat_tau)))
    if judge := found.judge:
        agreed = words["agreed"].format(share=share(judge.agreement), n=numbers.count(judge.n))
        told.append((words["judge"], f"{agreed}, κ {numbers.decimal(judge.kappa) or absent}"))
    return [(name, value or absent) for name, value in told]


def _one_line(found: Estimate) -> str | None:
    shown = estimate(found.value, found.low, found.high)
    return shown.replace("\n", " ") if shown else None


def _arms(found: PeopleReport, words: Labels) -> Table:
    best = _points(found.best_possible)
    names = ("arm", "points", "mean", "firsts")
    rows = [
        [
            arm.arm,
            words["of"].format(part=_points(arm.points), whole=best),
            estimate(arm.mean.value, arm.mean.low, arm.mean.high, _two),
            share(arm.firsts),
        ]
        for arm in found.arms
    ]
    return Table(words["caption"], [words[name] for name in names], rows, len(names) - 1)


def _points(points: float) -> str:
    """Shared ranks give halves and thirds of points."""
    return numbers.count(int(points)) if points == int(points) else numbers.decimal(points, 1) or ""


def _pairs(found: PeopleReport, words: Labels) -> Table:
    names = ("pair", "wins", "ties", "losses", "difference", "told_apart")
    rows = [_pair(pair, words) for pair in found.pairs]
    return Table(words["pairs"], [words[name] for name in names], rows, len(names) - 1)


def _pair(pair: RankedPair, words: Labels) -> list[str | None]:
    difference = estimate(pair.difference.value, pair.difference.low, pair.difference.high, _signed)
    p = probability(pair.p_holm)
    verdict = words["yes" if pair.significant else "no"]
    return [
        words["above"].format(first=pair.first, second=pair.second),
        *map(numbers.count, (pair.wins, pair.ties, pair.losses)),
        difference,
        f"{verdict}\n{p}" if p else verdict,
    ]


def _groups(found: PeopleReport, words: Labels) -> list[str]:
    return [words["group"].format(arms=", ".join(group)) for group in found.groups if len(group) > 1]


def _problems(found: PeopleReport, words: Labels) -> list[str]:
    return [words["problems"].format(n=numbers.count(len(found.problems)))] if found.problems else []
