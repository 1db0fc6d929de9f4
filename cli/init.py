"""``groundtune init``: a starter run.yaml with comments, prompts, and folders to put documents and questions into."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from shared.errors import BadInput

STARTER = ("run.yaml", "ground_truth.jsonl", "prompts/baseline.md", "prompts/optimized.md", "documents/example.md")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
def command(folder: Path) -> None:
    """Write a starter run.yaml, with comments, and its files into FOLDER (here by default). Overwrites nothing."""
    there = [name for name in STARTER if (folder / name).exists()]
    if there:
        raise BadInput(f"{folder / there[0]} exists already; init overwrites nothing, name another folder")
    for name in STARTER:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files("cli").joinpath("starter", *name.split("/")).read_bytes())
    click.echo(f"Wrote {folder / 'run.yaml'} and its files. Next: put your documents and questions in, then")
    click.echo(f"  groundtune check {folder / 'run.yaml'}")
    click.echo(f"  groundtune run {folder / 'run.yaml'}")
