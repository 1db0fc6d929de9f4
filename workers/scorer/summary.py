"""What the numbers say, in sentences, and no more than they say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import Score
from workers.scorer.effects import effects, verdict
from workers.scorer.metrics import METRICS, headline
from workers.scorer.pairing import ArmResult, Column, Paired
from workers.scorer.statistics import Change, adjusted


def summarize(
    paired: Paired,
    results: Sequence[ArmResult],
    metrics: Sequence[str],
    changes: Mapping[Column, Change],
    winner: str | None,
) -> list[str]:
    """Sentences in the order in which a reader asks: who won, what helped, what is missing.

    ``changes``: each arm and metric against the baseline, as the table shows them.
    """
    missing = [*_failed_arms(results), *_unanswered(paired)]
    baseline = results[0].name
    if baseline not in paired.scored or not paired.n or not metrics:
        return ["Nothing can be compared: no question was answered by the baseline and all scored arms.", *missing]
    told = [headline(metrics), *(["citation_accuracy"] if "citation_accuracy" in metrics else [])]
    return [
        *_winner(paired, changes, baseline, winner, headline(metrics)),
        *effects(paired, results, list(dict.fromkeys(told)), changes),
        *_invented_links(paired),
        *missing,
    ]


def _winner(
    paired: Paired, changes: Mapping[Column, Change], baseline: str, winner: str | None, metric: str
) -> list[str]:
    label = METRICS[metric].label
    if winner is not None:
        change = changes[winner, metric]
        start = f"{winner} has the highest {label}: {verdict(change).numbers} against {baseline}"
        told = f"n = {paired.n}, 95 % interval in brackets, {_p(change)} adjusted for {_tests(changes)}"
        return [f"{start} ({told}).", *_level(paired, baseline, winner, metric)]
    if len(paired.scored) == 1:
        return [f"Only {baseline} was scored, so there is nothing to compare it with."]
    return [
        f"No arm wins: the arm with the highest {label} beside {baseline} does not beat it beyond chance, "
        f"n = {paired.n}.",
        *_too_small(paired, changes, metric),
    ]


def _p(change: Change) -> str:
    p = change.p_adjusted or 0.0
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _tests(changes: Mapping[Column, Change]) -> str:
    tests = sum(change.p is not None for change in changes.values())
    return "1 comparison" if tests == 1 else f"{tests} comparisons"


def _too_small(paired: Paired, changes: Mapping[Column, Change], metric: str) -> list[str]:
    """That nothing was found is no proof that there is nothing."""
    found = [c.detectable for (_, compared), c in changes.items() if compared == metric and c.detectable]
    if not found:
        return []
    return [
        f"So many questions show a difference in {METRICS[metric].label} of {max(found):.3f} in 80 of 100 runs; "
        "a smaller one can be there and go unseen."
    ]


def _level(paired: Paired, baseline: str, winner: str, metric: str) -> list[str]:
    """Arms that the winner does not beat beyond chance: a first place among them is no more than that."""
    others = [arm for arm in paired.scored if arm not in (baseline, winner)]
    found = adjusted([paired.change(winner, arm, metric) for arm in others])
    level = [arm for arm, change in zip(others, found, strict=True) if not change.worse]
    if not level:
        return []
    return [f"Its lead in {METRICS[metric].label} over {', '.join(level)} is within chance."]


def _invented_links(paired: Paired) -> list[str]:
    counts = {arm: sum(_strange(result.scores[id]) for id in paired.ids) for arm, result in paired.scored.items()}
    if not any(counts.values()):
        return []
    listed = ", ".join(f"{arm} {count}" for arm, count in counts.items())
    return [f"Cited links that were not among the documents the model was given: {listed}."]


def _strange(score: Score) -> int:
    links = score.citation.hallucinated if score.citation is not None else None
    return len(links.all) if links is not None else 0


def _failed_arms(results: Sequence[ArmResult]) -> list[str]:
    """Arms that share a reason share a sentence."""
    by_reason: dict[str, list[str]] = {}
    for result in results:
        if result.reason is not None:
            by_reason.setdefault(result.reason, []).append(result.name)
    return [f"Not compared: {', '.join(arms)}: {reason}" for reason, arms in by_reason.items()]


def _unanswered(paired: Paired) -> list[str]:
    lost = len(paired.evaluation) - paired.n
    if not lost or not paired.scored:
        return []
    return [
        f"{lost} of {len(paired.evaluation)} questions lack an answer of at least one arm and are left out; "
        "the values with missing answers counted as 0 stand beside."
    ]
