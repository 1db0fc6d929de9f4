"""Scored files side by side, paired by id, by the code that compares the arms of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.artifacts import Score
from schemas.experiment import METRICS, Arm
from schemas.report import MetricValue
from shared.errors import BadInput
from workers.scorer.comparison import metric_value
from workers.scorer.files.shape import values_of
from workers.scorer.pairing import ArmResult, Paired
from workers.scorer.statistics import Change

SEED = 7
"""Of the intervals' draws."""


@dataclass(frozen=True)
class ScoredFile:
    """One file of `groundtune score`: its metrics by signature, and its items by id."""

    name: str
    signatures: Mapping[str, str]
    items: Mapping[str, Mapping[str, Any]]
    valid: bool


@dataclass(frozen=True)
class Table:
    """``rows``: name of a file → metric → its value and change against the baseline, the first file."""

    metrics: list[str]
    rows: dict[str, dict[str, MetricValue]]
    n: int
    notes: list[str]

    @property
    def baseline(self) -> str:
        return next(iter(self.rows))

    def as_json(self) -> dict[str, Any]:
        rows = {name: {metric: value.model_dump() for metric, value in row.items()} for name, row in self.rows.items()}
        return {"baseline": self.baseline, "n": self.n, "metrics": self.metrics, "files": rows, "notes": self.notes}


def read_scored(path: Path, name: str) -> ScoredFile:
    """Raises BadInput for what `groundtune score` has not written."""
    try:
        found = json.loads(path.read_bytes())
        items = {str(item["id"]): item for item in found["items"]}
        signatures = {metric: str(told) for metric, told in found["signature"].items() if metric in METRICS}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{path} is no file of `groundtune score` ({error}); make one with --out") from error
    return ScoredFile(name, signatures, items, bool(found.get("valid", True)))


def compare_files(files: Sequence[ScoredFile]) -> Table:
    """Over the ids that all files answer; the first file is the baseline. Metrics that were computed in different ways
    are not compared, and said so."""
    first = files[0]
    alike = [m for m in first.signatures if all(file.signatures.get(m) == first.signatures[m] for file in files)]
    ids = sorted({id for file in files for id in file.items})
    paired = Paired([_result(file, alike) for file in files], ids, SEED, alike)
    changes: dict[tuple[str, str], Change] = paired.against(first.name, alike)
    rows = {file.name: {metric: metric_value(paired, file.name, metric, changes) for metric in alike} for file in files}
    return Table(alike, rows, paired.n, [*_unlike(files, alike), *_invalid(files), *_lost(ids, paired)])


def _result(file: ScoredFile, metrics: Sequence[str]) -> ArmResult:
    answered = {id: item for id, item in file.items.items() if item.get("answered", True)}
    scores = {id: Score(id=id, arm=file.name, values=values_of(item, metrics)) for id, item in answered.items()}
    return ArmResult(Arm(name=file.name, prompt="file"), scores=scores)


def _unlike(files: Sequence[ScoredFile], alike: Sequence[str]) -> list[str]:
    others = dict.fromkeys(metric for file in files for metric in file.signatures if metric not in alike)
    return [
        f"{metric} is not compared, as it was not computed in the same way: "
        + "; ".join(f"{file.name} {file.signatures.get(metric, 'has none')}" for file in files)
        for metric in others
    ]


def _invalid(files: Sequence[ScoredFile]) -> list[str]:
    bad = [file.name for file in files if not file.valid]
    return [f"Not valid: the scores of {name} cannot be trusted, its notes say why." for name in bad]


def _lost(ids: Sequence[str], paired: Paired) -> list[str]:
    lost = len(ids) - paired.n
    return [f"{lost} of {len(ids)} ids are not answered in every file and left out of the means."] if lost else []
