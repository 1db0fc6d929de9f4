"""ROUGE-1, -2, -3 and -L by the rouge-score library (Lin 2004), with a tokenizer that does not drop Korean."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from rouge_score.rouge_scorer import RougeScorer

from shared.text.links import strip_links
from workers.scorer.tokenizers import REPORT_TOKENIZER, TOKENIZERS, Tokenizer

TYPES = ("rouge1", "rouge2", "rouge3", "rougeL")


@dataclass(frozen=True)
class RougeValues:
    """F-measures, 0 to 1. A text shorter than n words has ROUGE-n 0, even against itself."""

    rouge1: float
    rouge2: float
    rouge3: float
    rougeL: float


class Rouge:
    """Scores pairs with one tokenizer of the registry. Raises KeyError for a name that is not in it."""

    def __init__(self, tokenizer: str = REPORT_TOKENIZER) -> None:
        self.name = tokenizer
        self.tokenizer = TOKENIZERS[tokenizer]
        self._scorer = RougeScorer(list(TYPES), tokenizer=_Adapter(self.tokenizer))

    def score(self, reference: str, answer: str) -> RougeValues:
        """F-measures of the answer against the reference, links taken out of both."""
        found = self._scorer.score(words_only(reference), words_only(answer))
        return RougeValues(**{name: float(found[name].fmeasure) for name in TYPES})

    def signature(self, metric: str) -> str:
        """How a metric's numbers came about, for whoever wants to compare with them."""
        n = metric.removeprefix("rouge")
        return f"rouge|n={n}|tok={self.name}|nfc|url=strip|stem=0|rouge-score={version('rouge-score')}"


def words_only(text: str) -> str:
    """A text as ROUGE and similarity see it: NFC, without links. Links are scored as citations, never as words."""
    return strip_links(unicodedata.normalize("NFC", text))


def shorter_than(tokenizer: Tokenizer, texts: Sequence[str], n: int) -> int:
    """How many texts have fewer than ``n`` tokens: their ROUGE-n is 0 whatever is answered."""
    return sum(len(tokenizer(words_only(text))) < n for text in texts)


class _Adapter:
    """A tokenizer in the shape that rouge-score calls."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenize = tokenizer
