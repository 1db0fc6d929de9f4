"""Whether the scores of a file can be trusted, seen batch by batch: what the tokenizer drops, what the model's window
cuts into pieces."""

from __future__ import annotations

from collections.abc import Sequence

from workers.scorer.measures.measure import Item, Measure
from workers.scorer.measures.similarity import Similarity
from workers.scorer.measures.wording import Wording
from workers.scorer.rouge import MIN_COVERAGE
from workers.scorer.text_form import REPORT
from workers.scorer.validity import dropped, windowed


class Coverage:
    """Sums over texts."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        self._rouge = next((measure.rouge for measure in measures if isinstance(measure, Wording)), None)
        self._similarity = next((measure for measure in measures if isinstance(measure, Similarity)), None)
        self._kept = self._characters = self._texts = 0
        self._long = 0.0

    def add(self, items: Sequence[Item]) -> None:
        texts = [text for item in items for text in (item.reference, item.answer)]
        self._texts += len(texts)
        if self._rouge is not None:
            for text in map(REPORT.of, texts):
                self._kept += self._rouge.tokenizer.kept(text)
                self._characters += sum(map(str.isalnum, text.lower()))
        if self._similarity is not None:
            self._long += self._similarity.long_share(texts) * len(texts)

    def valid(self) -> bool:
        return not self._characters or self._kept / self._characters >= MIN_COVERAGE

    def notes(self) -> list[str]:
        refusal = [] if self.valid() or self._rouge is None else [
            dropped(self._rouge.name, self._kept / self._characters)
        ]  # fmt: skip
        return [*refusal, *(windowed(self._long / self._texts) if self._texts else [])]
