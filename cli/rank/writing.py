"""Tasks and their key as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel

from shared.errors import BadInput
from workers.scorer.people.formats import tasks_csv
from workers.scorer.people.tasks import Task


def key_file(tasks: Path) -> Path:
    """Where the key to a file of tasks lies: ``tasks.csv`` → ``tasks.key.jsonl``."""
    return tasks.with_suffix(".key.jsonl")


def write_tasks(out: Path, tasks: Sequence[Task]) -> None:
    """The tasks, as CSV where the name says so, and the key beside them."""
    shown = [task for task, _ in tasks]
    put(out, tasks_csv(shown) if out.suffix.lower() == ".csv" else _lines(shown))
    put(key_file(out), _lines(key for _, key in tasks))


def put(path: Path, text: str) -> None:
    """Raises BadInput where the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}; name another file with --out") from error


def _lines(models: Iterable[BaseModel]) -> str:
    return "".join(f"{model.model_dump_json()}\n" for model in models)
