"""``groundtune check``: every mistake in a run.yaml and in what it names, without running anything."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from cli.pricing import price, show
from cli.prompt_cache import prompt_cache_remarks
from cli.references import unknown_references
from cli.runfile import RunFile, load_run_file
from shared.bedrock.models import Models, shipped
from shared.errors import BadRunFile


@click.command()
@click.argument("run_file", metavar="RUN.yaml", type=click.Path(path_type=Path))
def command(run_file: Path) -> None:
    """Check RUN.yaml and everything that it names, and estimate its price; run nothing.

    The price is by the table that ships with groundtune: a table of your own lies in a bucket, and no cloud is asked.
    """
    runfile = load_run_file(run_file)
    unknown = unknown_references(runfile)
    if unknown:
        raise BadRunFile(unknown)
    click.echo(_summary(runfile))
    for remark in prompt_cache_remarks(runfile.experiment, Models(shipped()).of(runfile.experiment.models.student)):
        click.echo(remark)
    show(price(runfile, Models(shipped()).of), runfile.experiment.budget_usd, Console())


def _summary(runfile: RunFile) -> str:
    experiment = runfile.experiment
    count = len(runfile.documents)
    where = f"{count} document{'s' * (count != 1)}" if runfile.folder else f"documents at {experiment.corpus.documents}"
    return (
        f"{runfile.path}: fine. {where}, {len(runfile.truth)} ground-truth pairs "
        f"({experiment.split.evaluation} for evaluation, split by {experiment.split.by}), "
        f"{len(experiment.arms)} arms: {', '.join(arm.name for arm in experiment.arms)}."
    )
