"""``groundtune validate-dataset``: what Bedrock would refuse in a dataset, before a job is paid for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from shared.bedrock.families import CUSTOMIZATIONS, Customization, Family, require_family
from shared.datasets.formats import FORMATS
from shared.datasets.problem import Problem
from shared.datasets.validation import Validation
from shared.errors import BadInput

SHOWN = 100
"""Problems shown unless all are asked for."""


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--base-model", metavar="ID", required=True, help="Id or ARN of the model that shall be customized.")
@click.option("--validation", is_flag=True, help="FILE is to be the job's validation dataset.")
@click.option(
    "--customization", type=click.Choice(CUSTOMIZATIONS), default="fine-tuning", show_default=True,
    help="Kind of the job.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object for other programs.")
@click.option("--all", "show_all", is_flag=True, help=f"Show every problem. [default: the first {SHOWN}]")
def command(
    file: Path, base_model: str, validation: bool, customization: Customization, as_json: bool, show_all: bool
) -> None:
    """Check a training or validation FILE against what a base model takes.

    Every problem is named with its line. Exit code 0: Bedrock should take it; 1: there are errors (a warning is none).
    """
    family = require_family(base_model, customization)
    if not file.is_file():
        what = "is a folder; name a .jsonl file in it" if file.is_dir() else "no such file; name a .jsonl file"
        raise BadInput(f"{file}: {what}")
    try:
        with file.open("rb") as opened:
            found = Validation(opened, family, validation=validation, name=file.name)
            (_print_json if as_json else _print)(file, found, family, base_model, None if show_all else SHOWN)
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror or error})") from None
    if found.errors:
        click.get_current_context().exit(1)


def _print(file: Path, found: Validation, family: Family, base_model: str, most: int | None) -> None:
    problems = iter(found)
    for problem in islice(problems, most):
        click.echo(problem)
    hidden = _count(problems)
    if hidden:
        click.echo(f"… and {hidden:,} more; --all shows them")
    click.echo(_summary(file, found, family))


def _print_json(file: Path, found: Validation, family: Family, base_model: str, most: int | None) -> None:
    problems = iter(found)
    shown = [problem.as_json() for problem in islice(problems, most)]
    more = _count(problems)  # the counts below are complete once all have been seen
    answer: dict[str, Any] = {
        "file": str(file), "base_model": base_model, "family": family.name, "customization": family.customization,
        "format": found.format, "records": found.records, "estimated_tokens": found.tokens, "bytes": found.bytes,
        "errors": found.errors, "warnings": found.warnings, "problems": shown, "problems_not_shown": more,
    }  # fmt: skip
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _count(problems: Iterator[Problem]) -> int:
    return sum(1 for _ in problems)


def _counts(found: Validation) -> list[tuple[int, str]]:
    return [(found.errors, "error"), (found.warnings, "warning")]


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"


def _summary(file: Path, found: Validation, family: Family) -> str:
    """``train.jsonl: fine for Nova 2 Lite. 500 records (…), about 412,300 tokens by estimate, 1.6 MB.``"""
    counted = ", ".join(_plural(count, word) for count, word in _counts(found) if count)
    verdict = f"{'not fit' if found.errors else 'fine'} for {family.title}{f' ({counted})' * bool(counted)}"
    format = f" in the format {FORMATS[found.format].title}" if found.format else ""
    records = f"{_plural(found.records, 'record')}{format}"
    return f"{file}: {verdict}. {records}, about {found.tokens:,} tokens by estimate, {_size(found.bytes)}."


def _size(count: int) -> str:
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_:
            return f"{count / bytes_:.1f} {unit}"
    return f"{count} bytes"
