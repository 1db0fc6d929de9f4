"""What an answer is like beside its reference: the same, as long, a refusal too, in the same language. All cheap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from schemas.artifacts import Score
from shared.text.language import detect_language
from shared.text.refusals import is_refusal
from workers.scorer.measures.measure import Batch, Item
from workers.scorer.text_form import REPORT, TextForm


def exact_match(reference: str, answer: str) -> float:
    """1 when both are equal but for case and white space."""
    return float(_plain(reference) == _plain(answer))


def length_ratio(reference: str, answer: str) -> float | None:
    """Characters of the answer to one of the reference, white space aside; None when the reference has none."""
    length = len("".join(reference.split()))
    return round(len("".join(answer.split())) / length, 6) if length else None


def language_match(reference: str, answer: str) -> float | None:
    """1 when both are Korean or both are not, by their letters; an answer without letters is in no language."""
    if not any(map(str.isalpha, reference)):
        return None
    return float(any(map(str.isalpha, answer)) and detect_language(reference) == detect_language(answer))


def refusal_correctness(reference: str, answer: str) -> float:
    """1 when the answer says that the documents do not answer and the reference does, or neither does. An empty answer
    says nothing: it is no refusal, and not right either."""
    return float(bool(answer.strip()) and is_refusal(reference) == is_refusal(answer))


_OF_WORDS: Mapping[str, Callable[[str, str], float | None]] = {
    "exact_match": exact_match, "length_ratio": length_ratio, "language_match": language_match,
}  # fmt: skip
_OF_TEXTS: Mapping[str, Callable[[str, str], float | None]] = {"refusal_correctness": refusal_correctness}
"""These look at links too."""

METRICS = (*_OF_WORDS, *_OF_TEXTS)
_SIGNATURES = {
    "exact_match": "exact-match|case=fold|space=one",
    "length_ratio": "length-ratio|characters|space=no",
    "language_match": "language-match|by=script",
    "refusal_correctness": "refusal-correctness|words=v1",
}


class Form:
    """The metrics asked, of texts in one form."""

    name = "form"

    def __init__(self, metrics: Sequence[str] = METRICS, form: TextForm = REPORT) -> None:
        self.metrics = tuple(metrics)
        self._form = form

    def signature(self, metric: str) -> str:
        seen = f"|{self._form.signature()}" if metric in _OF_WORDS else ""
        return f"{_SIGNATURES[metric]}{seen}"

    def score(self, batch: Batch) -> list[Score]:
        return [Score(id=item.id, values={metric: self._value(metric, item) for metric in self.metrics})
                for item in batch.items]  # fmt: skip

    def _value(self, metric: str, item: Item) -> float | None:
        if metric in _OF_TEXTS:
            return _OF_TEXTS[metric](item.reference, item.answer)
        return _OF_WORDS[metric](self._form.of(item.reference), self._form.of(item.answer))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
