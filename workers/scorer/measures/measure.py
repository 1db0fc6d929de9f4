"""What every measure is: a few metrics of answers that are computed together, and how they are computed, in words.

A new one is a class with this contract and an entry in ``registry``; its metrics get a label in ``metrics``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from schemas.artifacts import Score
from schemas.base import content_hash
from workers.scorer.documents import Documents


@dataclass(frozen=True)
class Item:
    """An answer, and what it is measured against."""

    id: str
    answer: str
    reference: str
    links: tuple[str, ...] = ()
    """Reference links."""
    retrieved: tuple[str, ...] | None = None
    """URLs of the documents that the model was given, as it saw them numbered; None where nobody knows them."""


@dataclass(frozen=True)
class Batch:
    """Answers that are scored together, such as those of a shard. No score depends on which others are with it."""

    items: Sequence[Item]
    documents: Documents = field(default_factory=Documents)

    def fingerprint(self) -> str:
        """Changes with whatever a score may follow from."""
        items = [[item.id, item.answer, item.reference, item.links, item.retrieved] for item in self.items]
        return content_hash([items, self.documents.fingerprint])


class Measure(Protocol):
    """Scores batches; safe to call from several threads. The same batch and signatures give the same scores."""

    name: str

    @property
    def metrics(self) -> Sequence[str]:
        """What it yields: a value, perhaps None, of each of these for each item."""
        ...

    def signature(self, metric: str) -> str:
        """How exactly the metric's numbers came about; numbers of one signature may stand beside each other."""
        ...

    def score(self, batch: Batch) -> list[Score]:
        """One score an item, in their order, with this measure's metrics and details alone."""
        ...


def artifact_name(measure: Measure, batch: Batch) -> str:
    """What a batch's scores are called in the store: the same for the same answers, metrics and signatures."""
    signatures = {metric: measure.signature(metric) for metric in measure.metrics}
    return f"{measure.name}-{content_hash([signatures, batch.fingerprint()])[:16]}"
