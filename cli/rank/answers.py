"""What raters sent back, and whose answers they ranked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from cli.rank.writing import key_file
from schemas.people import JudgeVerdict, PeopleReport, RankingKey
from shared.errors import BadInput
from workers.scorer.people.analysis import analyse
from workers.scorer.people.checking import Said, check
from workers.scorer.people.formats import read_answers

M = TypeVar("M", bound=BaseModel)


def unblinded(
    files: Sequence[Path], key: Sequence[RankingKey], verdicts: Sequence[JudgeVerdict], seed: int
) -> PeopleReport:
    """Raises BadInput where a file cannot be read, or no ranking counts."""
    said: list[Said] = [answer for file in files for answer in read_answers(str(file), _bytes(file))]
    checked = check(said, key)
    if not any(ranking.kind == "counted" for ranking in checked.rankings):
        first = checked.problems[0] if checked.problems else None
        why = f"; the first problem: task {first.task}: {first.message}" if first else ""
        raise BadInput(f"no ranking in {', '.join(map(str, files))} counts{why}")
    return analyse(checked.rankings, seed, checked.problems, verdicts)


def read_key(tasks: Path) -> list[RankingKey]:
    """Of an exported file of tasks, or the key itself."""
    file = tasks if tasks.name.endswith(".key.jsonl") else key_file(tasks)
    if not file.is_file():
        raise BadInput(f"the key to {tasks} is not where it was written, {file}; name the run instead")
    return _lines(file, RankingKey)


def judged(file: Path | None) -> list[JudgeVerdict]:
    """The verdicts of a judge; none without a file."""
    return _lines(file, JudgeVerdict) if file else []


def _lines(file: Path, model: type[M]) -> list[M]:
    found = []
    for number, line in enumerate(_bytes(file).splitlines(), start=1):
        try:
            found.append(model.model_validate_json(line))
        except ValidationError as error:
            raise BadInput(f"{file} line {number}: {error.errors()[0]['msg']}") from error
    return found


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
