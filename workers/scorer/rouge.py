"""ROUGE-1, -2, -3 and -L by the rouge-score library (Lin 2004), with a tokenizer that does not drop Korean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from rouge_score.rouge_scorer import RougeScorer

from workers.scorer.text_form import TextForm
from workers.scorer.tokenizers import REPORT_TOKENIZER, TOKENIZERS, Tokenizer

TYPES = ("rouge1", "rouge2", "rouge3", "rougeL")


@dataclass(frozen=True)
class Prf:
    """0 to 1. A text shorter than n words has ROUGE-n 0, even against itself."""

    precision: float
    recall: float
    fmeasure: float


class Rouge:
    """Scores pairs with one tokenizer of the registry. Raises KeyError for a name that is not in it."""

    def __init__(
        self,
        tokenizer: str = REPORT_TOKENIZER,
        types: Sequence[str] = TYPES,
        *,
        stem: bool = False,
        nfc: bool = True,
        strip_links: bool = True,
    ) -> None:
        self.name = tokenizer
        self.tokenizer = TOKENIZERS[tokenizer]
        self.types = tuple(types)
        self.form = TextForm(nfc, strip_links)
        self._stem = stem
        self._scorer = RougeScorer(list(types), tokenizer=_Adapter(self.tokenizer))

    def score(self, reference: str, answer: str) -> dict[str, Prf]:
        found = self._scorer.score(self.form.of(reference), self.form.of(answer))
        return {name: Prf(*map(float, found[name])) for name in self.types}

    def score_batch(self, references: Sequence[str], answers: Sequence[str]) -> list[dict[str, Prf]]:
        return [self.score(reference, answer) for reference, answer in zip(references, answers, strict=True)]

    def signature(self, metric: str) -> str:
        """How a metric's numbers came about, for whoever wants to compare with them."""
        n = metric.removeprefix("rouge")
        return f"rouge|n={n}|tok={self.name}|{self.form.signature()}|stem=0|rouge-score={version('rouge-score')}"


class _Adapter:
    """A tokenizer in the shape that rouge-score calls."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenize = tokenizer
