"""Training examples as the rows of a file: what the model is shown, and what it shall say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from schemas.artifacts import TrainingExample
from shared.datasets.formats import FORMATS
from shared.datasets.reserved import make_safe
from shared.datasets.turns import Turns
from shared.prompting.citations import with_sources
from shared.prompting.layout import render_question


@dataclass
class Rows:
    """The rows of one arm. ``reserved``: words that the model family forbids; ``rewritten`` counts them."""

    examples: Sequence[TrainingExample]
    system: str
    reserved: Sequence[str] = ()
    rewritten: Counter[str] = field(default_factory=Counter)

    def written(self, format: str) -> bytes:
        """The whole file in one of ``FORMATS``."""
        file = BytesIO()
        FORMATS[format].write(self._turns(), file)
        return file.getvalue()

    def _turns(self) -> Iterator[Turns]:
        self.rewritten.clear()
        for example in self.examples:
            yield Turns(
                id=example.id,
                system=self._safe(self.system),
                user=self._safe(render_question(example.documents, example.question)),
                assistant=self._safe(with_sources(example.answer, example.references)),
                kind=example.kind,
                references=tuple(example.references),
            )

    def _safe(self, text: str) -> str:
        safe, counts = make_safe(text, self.reserved)
        self.rewritten.update(counts)
        return safe
