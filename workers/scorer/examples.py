"""The questions that gained and lost most, side by side. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import GroundTruth
from schemas.report import Example, ExampleAnswer
from workers.scorer.pairing import ArmResult, Paired

SHOWN = 5
"""Questions on each side."""

DIGITS = 6


def best_and_worst(
    paired: Paired, evaluation: Sequence[GroundTruth], baseline: str, winner: str | None
) -> tuple[list[Example], list[Example]]:
    """The largest gains and the largest losses in ROUGE-L, largest first, of the winner or else of the last arm."""
    others = [arm for arm in paired.scored if arm != baseline]
    if baseline not in paired.scored or not others:
        return [], []
    arms = [paired.scored[baseline], paired.scored[winner or others[-1]]]
    truth = {pair.id: pair for pair in evaluation}
    examples = [_example(truth[id], arms) for id in paired.ids_of("rougeL")]
    gains = sorted((e for e in examples if e.change > 0), key=lambda e: (-e.change, e.id))
    losses = sorted((e for e in examples if e.change < 0), key=lambda e: (e.change, e.id))
    return gains[:SHOWN], losses[:SHOWN]


def _example(pair: GroundTruth, arms: Sequence[ArmResult]) -> Example:
    base, other = (arm.scores[pair.id].values["rougeL"] or 0.0 for arm in arms)
    return Example(
        id=pair.id,
        question=pair.question,
        reference=pair.answer,
        references=pair.references,
        change=round(other - base, DIGITS),
        answers=[_answer(pair.id, arm) for arm in arms],
    )


def _answer(id: str, result: ArmResult) -> ExampleAnswer:
    score, prediction = result.scores[id], result.predictions.get(id)
    return ExampleAnswer(
        arm=result.name,
        answer=prediction.answer if prediction else "",
        rougeL=round(score.values["rougeL"] or 0.0, DIGITS),
        citation=score.values.get("citation_accuracy"),
    )
