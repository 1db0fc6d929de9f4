"""Scored files side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.errors import BadInput
from workers.scorer.files.comparing import ScoredFile, compare_files, read_scored
from workers.scorer.files.shape import as_item, values_of
from workers.scorer.measures.measure import Batch, Item
from workers.scorer.measures.registry import Instruments
from workers.scorer.scoring import laid_together

METRICS = ("rougeL", "rouge1", "citation_accuracy", "citation_hit", "hallucinated_links", "char_f1", "length_ratio")


def file(name: str, values: dict[str, float], signature: str = "s", **told: Any) -> ScoredFile:
    """A file with these values of character F1 by id."""
    items = {id: {"id": id, "answered": True, "char_f1": value} for id, value in values.items()}
    return ScoredFile(name, {"char_f1": signature}, items, **{"valid": True, **told})


def test_files_are_paired_by_id_and_compared_with_the_first() -> None:
    low = {f"q{n}": 0.4 + n / 100 for n in range(20)}
    table = compare_files([file("a", low), file("b", {id: value + 0.1 for id, value in low.items()} | {"q99": 0.0})])
    assert (table.baseline, table.n, table.metrics) == ("a", 20, ["char_f1"])
    assert table.rows["a"]["char_f1"].relative is None
    change = table.rows["b"]["char_f1"]
    assert change.relative == pytest.approx(0.1 / 0.495, abs=1e-6) and change.direction == "up"
    assert table.notes == ["1 of 21 ids are not answered in every file and left out of the means."]


def test_metrics_that_were_computed_differently_are_not_compared() -> None:
    table = compare_files([file("a", {"q1": 0.4}, "one way"), file("b", {"q1": 0.5}, "another")])
    assert table.metrics == []
    assert "char_f1 is not compared" in table.notes[0] and "a one way; b another" in table.notes[0]


def test_an_invalid_file_is_told() -> None:
    assert (
        "scores of b cannot be trusted"
        in compare_files([file("a", {"q": 1}), file("b", {"q": 1}, valid=False)]).notes[0]
    )


def test_an_unanswered_item_is_missing_not_zero() -> None:
    other = file("b", {"q1": 0.5, "q2": 0.0})
    other = replace(other, items={**other.items, "q2": {"id": "q2", "answered": False, "char_f1": 0.0}})
    table = compare_files([file("a", {"q1": 0.4, "q2": 0.4}), other])
    assert (table.n, table.rows["b"]["char_f1"].with_missing_as_zero) == (1, 0.25)


def test_every_metric_survives_being_written_and_read() -> None:
    item = Item("q1", "reset it https://x.example/a", "reset the router", ("https://x.example/a",), ())
    measures = Instruments().measures(METRICS)
    [score] = laid_together([s for measure in measures for s in measure.score(Batch([item]))])
    read = json.loads(json.dumps(as_item(score, True)))
    assert values_of(read, METRICS) == score.values


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"items": [{}], "signature": {}}', '{"items": 1, "signature": {}}'])
def test_what_is_no_scored_file_is_refused(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(body)
    with pytest.raises(BadInput, match=r"a\.json is no file of `groundtune score`"):
        read_scored(path, "a")
