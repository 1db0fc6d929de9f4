"""``groundtune report``: every form of a report, written again from its data."""

from __future__ import annotations

from pathlib import Path

import click

from cli.language import LANG
from cli.outcome import write_report
from cli.reports import load_rankings, load_report
from cli.runs import aws_option


@click.command()
@click.argument("run", metavar="RUN")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the files.")
@LANG
@click.option(
    "--people",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Rankings, as `groundtune rank import` wrote them. [default: those kept in the run]",
)
@aws_option
def command(run: str, out: Path, lang: str, people: Path | None, aws: bool) -> None:  # fmt: skip
    """Write a report's page, Markdown, CSV and JSON again; RUN is a report.json, the folder of a report, or a run.

    Nothing is computed anew, but rankings that people gave since are put in.
    """
    report = load_report(run, aws=aws)
    if people is not None:
        report = report.model_copy(update={"people": load_rankings(people)})
    write_report(out, report, lang)
    click.echo(f"report: {out / 'index.html'}")
