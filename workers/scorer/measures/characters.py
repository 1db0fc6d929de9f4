"""Overlap of characters: chrF, and F1 as KorQuAD computes it. Both see Korean without cutting it into words."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from schemas.artifacts import Score
from workers.scorer.measures.measure import Batch, Item
from workers.scorer.text_form import REPORT, TextForm

METRICS = ("chrf", "char_f1")

_QUOTES = re.compile("['\"《》<>〈〉()‘’]")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


class Characters:
    """The metrics asked, of texts in one form."""

    name = "characters"

    def __init__(self, metrics: Sequence[str] = METRICS, form: TextForm = REPORT) -> None:
        self.metrics = tuple(metrics)
        self._form = form

    def signature(self, metric: str) -> str:
        return f"{_SIGNATURES[metric]()}|{self._form.signature()}"

    def score(self, batch: Batch) -> list[Score]:
        return [self._of(item) for item in batch.items]

    def _of(self, item: Item) -> Score:
        reference, answer = self._form.of(item.reference), self._form.of(item.answer)
        return Score(id=item.id, values={metric: _FUNCTIONS[metric](reference, answer) for metric in self.metrics})


def chrf(reference: str, answer: str) -> float:
    """chrF (Popović 2015) of n-grams up to 6 characters, β = 2, by sacrebleu; 0 to 1, rounded to 6 digits."""
    if not reference.strip() or not answer.strip():
        return 0.0
    return float(round(_chrf().sentence_score(answer, [reference]).score / 100, 6))


def char_f1(reference: str, answer: str) -> float:
    """F1 of characters as bags, in lower case, without white space and punctuation: KorQuAD's evaluate-v1.0.py."""
    left, right = Counter(_plain(reference)), Counter(_plain(answer))
    both = sum((left & right).values())
    if not both:
        return 0.0
    precision, recall = both / right.total(), both / left.total()
    return 2 * precision * recall / (precision + recall)


def _plain(text: str) -> str:
    return "".join(_QUOTES.sub(" ", text).lower().translate(_PUNCTUATION).split())


@cache
def _chrf() -> Any:
    from sacrebleu.metrics.chrf import CHRF  # imported with its first use: few runs ask for it

    scorer = CHRF()
    scorer.sentence_score("", [""])  # it has no signature before its first use
    return scorer


def _chrf_signature() -> str:
    return f"chrF2|{_chrf().get_signature().format(short=False).replace('nrefs:1|', '')}"


_FUNCTIONS: Mapping[str, Callable[[str, str], float]] = {"chrf": chrf, "char_f1": char_f1}
_SIGNATURES: Mapping[str, Callable[[], str]] = {
    "chrf": _chrf_signature,
    "char_f1": lambda: "char-f1|korquad-1.0|lc|punctuation=no|space=no",
}
