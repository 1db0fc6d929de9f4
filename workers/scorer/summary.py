"""What the numbers say, in sentences, and no more than they say. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Score
from workers.scorer.effects import effects, verdict
from workers.scorer.metrics import METRICS, headline
from workers.scorer.pairing import ArmResult, Paired


def summarize(paired: Paired, results: Sequence[ArmResult], metrics: Sequence[str], winner: str | None) -> list[str]:
    """Sentences in the order in which a reader asks: who won, what helped, what is missing."""
    missing = [*_failed_arms(results), *_unanswered(paired)]
    baseline = results[0].name
    if baseline not in paired.scored or not paired.n or not metrics:
        return ["Nothing can be compared: no question was answered by the baseline and all scored arms.", *missing]
    told = [headline(metrics), *(["citation_accuracy"] if "citation_accuracy" in metrics else [])]
    return [
        *_winner(paired, baseline, winner, headline(metrics)),
        *effects(paired, results, list(dict.fromkeys(told))),
        *_invented_links(paired),
        *missing,
    ]


def _winner(paired: Paired, baseline: str, winner: str | None, metric: str) -> list[str]:
    label = METRICS[metric].label
    if winner is not None:
        change = verdict(paired.change(baseline, winner, metric))
        start = f"{winner} has the highest {label}: {change.numbers} against {baseline}"
        return [f"{start} (n = {paired.n}, 95 % interval in brackets).", *_level(paired, baseline, winner, metric)]
    if len(paired.scored) == 1:
        return [f"Only {baseline} was scored, so there is nothing to compare it with."]
    return [
        f"No arm wins: the arm with the highest {label} beside {baseline} does not beat it beyond doubt, "
        f"as its 95 % interval does not lie above zero, n = {paired.n}."
    ]


def _level(paired: Paired, baseline: str, winner: str, metric: str) -> list[str]:
    """Arms that the winner does not beat beyond chance: a first place among them is no more than that."""
    others = [arm for arm in paired.scored if arm not in (baseline, winner)]
    level = [arm for arm in others if not paired.change(winner, arm, metric).worse]
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
