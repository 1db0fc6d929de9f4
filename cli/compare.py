"""``groundtune compare``: scored files side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from schemas.report import MetricValue
from shared.errors import BadInput
from shared.pages.markup import bullets, grid
from shared.text import numbers
from workers.scorer.files.comparing import Table, compare_files, read_scored

ABSENT = "n/a"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="A JSON object instead of a table.")
@click.option("--markdown", is_flag=True, help="A Markdown table.")
def command(files: tuple[Path, ...], as_json: bool, markdown: bool) -> None:
    """Compare files of `groundtune score`: the first is the baseline of all others.

    Answers are paired by id; each change is relative, with its 95 % interval in percent and the p-value adjusted for
    all that the table compares. Metrics whose signatures differ are not compared.
    """
    if as_json and markdown:
        raise BadInput("--json and --markdown exclude each other; choose one")
    table = compare_files([read_scored(path, name) for path, name in zip(files, _names(files), strict=True)])
    if as_json:
        click.echo(json.dumps(table.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(_markdown(table) if markdown else _text(table))


def _names(files: Sequence[Path]) -> list[str]:
    """Of each file: its stem, or its path where two have one stem. Raises BadInput for a file named twice."""
    if len(set(files)) < len(files):
        raise BadInput("a file is named twice; compare a file with others")
    stems = [path.stem for path in files]
    return [path.stem if stems.count(path.stem) == 1 else str(path) for path in files]


def _rows(table: Table) -> list[list[str]]:
    """A row for each metric: the baseline's value, then of each other file value and change."""
    return [
        [metric, *(_cell(row[metric], name == table.baseline) for name, row in table.rows.items()), _n(table, metric)]
        for metric in table.metrics
    ]


def _cell(metric: MetricValue, baseline: bool) -> str:
    value = numbers.decimal(metric.value) or ABSENT
    if baseline:
        return value
    change = numbers.percent(metric.relative) or ABSENT
    interval = numbers.interval(metric.low, metric.high)
    parts = [change, interval, _p(metric.p_holm)]
    return f"{value} ({' '.join(part for part in parts if part)})"


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return "p<0.001" if value < 0.001 else f"p={value:.3f}"


def _n(table: Table, metric: str) -> str:
    return numbers.count(table.rows[table.baseline][metric].n)


def _head(table: Table) -> list[str]:
    return ["metric", *table.rows, "n"]


def _text(table: Table) -> str:
    rows = [_head(table), *_rows(table)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *table.notes])


def _markdown(table: Table) -> str:
    parts = [grid(_head(table), _rows(table), len(table.rows) + 1), bullets(table.notes)]
    return "\n\n".join(part for part in parts if part)
