"""The teacher's reply: for every slot a pair that the documents hold, or why there is none. JSON and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from localcloud.engines.extractive.teacher.choosing import Choice, Chooser
from localcloud.engines.extractive.teacher.comparisons import from_labels, from_rows
from localcloud.engines.extractive.teacher.items import from_items
from localcloud.engines.extractive.teacher.pair import Page, Pair, read_page
from localcloud.engines.extractive.teacher.procedures import from_commands, from_steps
from localcloud.engines.extractive.teacher.quality import good
from localcloud.engines.extractive.teacher.statements import from_sentences
from localcloud.engines.extractive.teacher.tables import from_tables
from localcloud.engines.extractive.teacher.task import Slot, read_task
from schemas.artifacts import RetrievedDocument

MAKERS: tuple[Callable[[Page], Iterator[Pair]], ...] = (
    from_steps, from_items, from_sentences, from_tables, from_commands, from_rows, from_labels,
)  # fmt: skip
"""Where the pairs of one document come from, best first."""


def teach(system: str, user: str) -> str:
    """The JSON array, one element a slot; ``[]`` without slots. House style is in the examples, rules in the task."""
    task = read_task(system, user)
    chooser = Chooser(task, [pairs_of(number, document) for number, document in enumerate(task.documents, 1)])
    return json.dumps([_element(slot, chooser.take(slot)) for slot in task.slots], ensure_ascii=False)


@lru_cache(maxsize=512)
def pairs_of(number: int, document: RetrievedDocument) -> tuple[Pair, ...]:
    """All pairs that one document gives, whatever the task."""
    page = read_page(number, document)
    return tuple(pair for make in MAKERS for pair in make(page) if good(pair))


def _element(slot: Slot, choice: Choice | str) -> dict[str, Any]:
    if isinstance(choice, str):
        return {"slot": slot.number, "none": choice}
    return {
        "slot": slot.number,
        "type": choice.type,
        "question": choice.question,
        "answer": choice.pair.answer,
        "citations": [quote.document for quote in choice.pair.quotes],
        "evidence": [{"document": quote.document, "quote": quote.text} for quote in choice.pair.quotes],
    }
