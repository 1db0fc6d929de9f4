"""Tasks as JSON Lines and CSV, and what raters filled in, read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from pydantic import ValidationError

from schemas.people import RankingAnswer, RankingTask
from shared.errors import BadInput
from shared.text.cells import inert
from workers.scorer.people.checking import Said

RANK, POINTS = "rank_", "points_"
"""Columns of a letter: ``rank_A``."""


def tasks_csv(tasks: Sequence[RankingTask]) -> str:
    """A row a task, with an empty column for each rank and for why a task was skipped."""
    letters = sorted({letter for task in tasks for letter in task.answers})
    head = ["task", "rater", "place", "question", *letters, "gold", "documents"]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*head, *(RANK + letter for letter in letters), "skipped"])
    for task in tasks:
        documents = "\n\n".join(f"{one.title} <{one.url}>\n{one.text}" for one in task.documents)
        texts = [task.question, *(task.answers.get(letter, "") for letter in letters), task.gold or "", documents]
        writer.writerow([task.id, task.rater, task.place, *map(inert, texts)])
    return out.getvalue()


def read_answers(name: str, body: bytes) -> list[Said]:
    """Every answer with its line; rows of a CSV that nobody filled in are none.

    ``name`` ends in ``.csv`` for CSV; anything else is JSON Lines. Raises BadInput with every line that cannot be read.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8 text; save it as UTF-8") from error
    problems: list[str] = []
    said = list(_csv(text, problems) if name.lower().endswith(".csv") else _json_lines(text, problems))
    if problems:
        raise BadInput("\n".join(f"{name} {problem}" for problem in problems))
    return said


def _json_lines(text: str, problems: list[str]) -> Iterator[Said]:
    for line, source in enumerate(text.split("\n"), start=1):
        if source.strip():
            try:
                yield line, RankingAnswer.model_validate_json(source)
            except ValidationError as error:
                problems.append(f"line {line}: {_first(error)}")


def _csv(text: str, problems: list[str]) -> Iterator[Said]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if "task" not in (reader.fieldnames or []):
        problems.append("line 1: the header has no column task")
        return
    for row in reader:
        ranks, points = _numbers(row, RANK), _numbers(row, POINTS)
        skipped = (row.get("skipped") or "").strip()
        if ranks or points or skipped:
            try:
                filled = {"task": row["task"], "ranks": ranks, "points": points, "skipped": skipped}
                yield reader.line_num, RankingAnswer.model_validate(filled)
            except ValidationError as error:
                problems.append(f"line {reader.line_num}: {_first(error)}")


def _numbers(row: Mapping[str | None, object], prefix: str) -> dict[str, str]:
    cells = {
        str(name).removeprefix(prefix): str(cell).strip() for name, cell in row.items() if str(name).startswith(prefix)
    }
    return {letter: cell for letter, cell in cells.items() if cell and cell != "None"}


def _first(error: ValidationError) -> str:
    found = error.errors()[0]
    where = ".".join(map(str, found["loc"]))
    return f"{where}: {found['msg']}" if where else str(found["msg"])
