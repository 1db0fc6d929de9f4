"""Pairs scored in batches, each written as it comes: memory does not grow with their number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from schemas.artifacts import Score
from workers.scorer.documents import Documents
from workers.scorer.files.coverage import Coverage
from workers.scorer.files.pairs import Pairs
from workers.scorer.files.shape import as_item
from workers.scorer.files.totals import Totals
from workers.scorer.measures.measure import Batch, Item, Measure
from workers.scorer.measures.registry import signatures
from workers.scorer.scoring import laid_together

BATCH = 512
"""Pairs scored together."""


@dataclass(frozen=True)
class Scored:
    """What was found, but for the items."""

    totals: Totals
    notes: list[str]
    valid: bool


def score_pairs(pairs: Pairs, measures: Sequence[Measure], out: IO[str]) -> Scored:
    """Writes one JSON object: ``signature`` by metric, ``items``, then ``aggregate``, ``valid``, ``notes`` and
    ``problems``."""
    metrics = [metric for measure in measures for metric in measure.metrics]
    totals, seen = Totals(metrics), Coverage(measures)
    out.write(f'{{"signature": {_json(dict(signatures(measures)))},\n"items": [')
    for number, (score, answered) in enumerate(_scores(pairs.items(), pairs.documents(), measures, seen)):
        out.write(f"{',' if number else ''}\n{_json(as_item(score, answered))}")
        totals.add(score, answered)
    notes = seen.notes()
    rest = {
        "aggregate": totals.as_json(), "valid": seen.valid(), "notes": notes, "problems": pairs.problems.as_json(),
    }  # fmt: skip
    out.write(f"\n],\n{_json(rest)[1:]}\n")
    return Scored(totals, notes, seen.valid())


def _scores(
    items: Iterable[Item], documents: Documents, measures: Sequence[Measure], seen: Coverage
) -> Iterator[tuple[Score, bool]]:
    items = iter(items)
    while batch := list(islice(items, BATCH)):
        seen.add(batch)
        parts = [score for measure in measures for score in measure.score(Batch(batch, documents))]
        answered = {item.id: bool(item.answer.strip()) for item in batch}
        yield from ((score, answered[score.id]) for score in laid_together(parts))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
