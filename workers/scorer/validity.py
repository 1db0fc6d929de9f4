"""Whether the scores can be trusted, and what a reader must know of the texts they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.artifacts import GroundTruth
from workers.scorer.embedding import Similarity
from workers.scorer.instruments import Instruments
from workers.scorer.pairing import ArmResult
from workers.scorer.rouge import MIN_COVERAGE, Rouge, coverage, shorter_than, words_only

FEW_QUESTIONS = 30
"""Below this a bootstrap interval is too narrow and a winner is luck: the report says so."""


@dataclass(frozen=True)
class Validity:
    """``valid`` False: the report must say so beside every number. ``notes`` say why, and what else matters."""

    valid: bool
    notes: list[str] = field(default_factory=list)


def check(instruments: Instruments, evaluation: Sequence[GroundTruth], results: Sequence[ArmResult]) -> Validity:
    """Looks at every reference and every scored answer. May load the encoder: call it in a thread."""
    rouge, similarity = instruments.rouge, instruments.similarity
    references = [pair.answer for pair in evaluation]
    answers = [result.predictions[id].answer for result in results for id in result.scores if id in result.predictions]
    if not answers:
        return Validity(False, ["No answer was scored."])
    texts = [*references, *answers]
    kept = coverage(rouge.tokenizer, [words_only(text) for text in texts])
    valid = kept >= MIN_COVERAGE
    refusal = [] if valid else [_dropped(rouge.name, kept)]
    return Validity(valid, [*refusal, *_few(evaluation), *_short(rouge, references), *_long(similarity, texts)])


def _few(evaluation: Sequence[GroundTruth]) -> list[str]:
    if len(evaluation) >= FEW_QUESTIONS:
        return []
    return [f"Only {len(evaluation)} evaluation questions: intervals over so few say little; take 60 or more."]


def _dropped(tokenizer: str, kept: float) -> str:
    return (
        f"Not valid: the tokenizer {tokenizer!r} keeps only {kept:.1%} of the letters and digits of references and "
        f"answers, less than {MIN_COVERAGE:.0%}; ROUGE ignores the rest. Choose a tokenizer made for the language."
    )


def _short(rouge: Rouge, references: Sequence[str]) -> list[str]:
    short = shorter_than(rouge.tokenizer, references, 3)
    if not short:
        return []
    return [f"{short} of {len(references)} reference answers have fewer than three tokens: their ROUGE-3 is always 0."]


def _long(similarity: Similarity, texts: Sequence[str]) -> list[str]:
    share = similarity.long_share(list(texts))
    if not share:
        return []
    return [f"{share:.1%} of the texts exceed the embedding model's window; their vectors are means over windows."]
