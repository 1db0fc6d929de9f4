"""``groundtune export jsonschema``"""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli.json_schemas import json_schemas


@click.group()
def command() -> None:
    """Write what other programs need to read our events and artifacts."""


@command.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to.")
def jsonschema(out: Path) -> None:
    """Write a JSON Schema for every event, the envelope, every artifact, run.yaml and queues.yaml."""
    schemas = json_schemas()
    for name, schema in schemas.items():
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False)
        file.write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"{len(schemas)} schemas in {out}")
