"""Whether the scores can be trusted, and what a reader must know of the texts they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.artifacts import GroundTruth
from workers.scorer.measures.measure import Measure
from workers.scorer.measures.similarity import Similarity
from workers.scorer.measures.wording import Wording
from workers.scorer.pairing import ArmResult
from workers.scorer.rouge import MIN_COVERAGE, Rouge, coverage, shorter_than
from workers.scorer.text_form import REPORT

FEW_QUESTIONS = 30
"""Below this a bootstrap interval is too narrow and a winner is luck: the report says so."""


@dataclass(frozen=True)
class Validity:
    """``valid`` False: the report must say so beside every number. ``notes`` say why, and what else matters."""

    valid: bool
    notes: list[str] = field(default_factory=list)


def check(measures: Sequence[Measure], evaluation: Sequence[GroundTruth], results: Sequence[ArmResult]) -> Validity:
    """Looks at every reference and every scored answer. May load an encoder: call it in a thread."""
    references = [pair.answer for pair in evaluation]
    answers = [result.predictions[id].answer for result in results for id in result.scores if id in result.predictions]
    if not answers:
        return Validity(False, ["No answer was scored."])
    texts = [*references, *answers]
    rouge = next((measure.rouge for measure in measures if isinstance(measure, Wording)), None)
    similarities = [measure for measure in measures if isinstance(measure, Similarity)]
    refusal = _dropped(rouge, texts) if rouge else []
    short = _short(rouge, references) if rouge else []
    long = [note for similarity in similarities for note in windowed(similarity.long_share(texts))]
    return Validity(not refusal, [*refusal, *_few(evaluation), *short, *long])


def _few(evaluation: Sequence[GroundTruth]) -> list[str]:
    if len(evaluation) >= FEW_QUESTIONS:
        return []
    return [f"Only {len(evaluation)} evaluation questions: intervals over so few say little; take 60 or more."]


def dropped(tokenizer: str, kept: float) -> str:
    """Why a tokenizer that keeps so small a share of the texts makes scores invalid."""
    return (
        f"Not valid: the tokenizer {tokenizer!r} keeps only {100 * kept:.1f} % of the letters and digits of references "
        f"and answers, less than {100 * MIN_COVERAGE:.0f} %; ROUGE ignores the rest. Choose a tokenizer made for the "
        "language."
    )


def windowed(share: float) -> list[str]:
    """What a share of texts beyond the embedding model's window means; nothing when there are none."""
    if not share:
        return []
    return [
        f"{100 * share:.1f} % of the texts exceed the embedding model's window; their vectors are means over windows."
    ]


def _dropped(rouge: Rouge, texts: Sequence[str]) -> list[str]:
    kept = coverage(rouge.tokenizer, [REPORT.of(text) for text in texts])
    return [] if kept >= MIN_COVERAGE else [dropped(rouge.name, kept)]


def _short(rouge: Rouge, references: Sequence[str]) -> list[str]:
    short = shorter_than(rouge.tokenizer, references, 3)
    if not short:
        return []
    return [f"{short} of {len(references)} reference answers have fewer than three tokens: their ROUGE-3 is always 0."]
