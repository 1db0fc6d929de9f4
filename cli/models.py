"""``groundtune models``: the table of models and prices in force, and a user's own over it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich import box
from rich.console import Console
from rich.table import Table

from cli.cloud import reach
from shared.bedrock.model_table import own_table
from shared.bedrock.models import Facts, Models, ModelsFile, parse, shipped
from shared.errors import BadModels
from shared.provision import provision
from shared.runtime.connection import Connection, connect
from shared.store import keys
from shared.topology import load_topology

T = TypeVar("T")
aws_option = click.option("--aws", is_flag=True, help="The table on AWS; shows account and region and asks first.")
COLUMNS = {
    "usd_input": "in", "usd_output": "out", "usd_cache_read": "cache read", "usd_cache_write": "cache write",
    "usd_batch_input": "batch in", "usd_batch_output": "batch out", "usd_training": "training",
    "usd_hosting_hour": "hour", "rpm": "rpm", "tpm": "tpm",
}  # fmt: skip


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Everything that is known, as JSON.")
@aws_option
@click.pass_context
def command(context: click.Context, as_json: bool, aws: bool) -> None:
    """Show what is known of models: prices in US dollars per million tokens, limits per minute."""
    if context.invoked_subcommand is not None:
        return
    own = _on_cloud(aws, lambda connection: own_table(connection.objects))
    rows = _rows(own)
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    Console().print(_table(rows))
    click.echo("Prices as of the day shown: check them. An empty field is unknown, and is never taken for free.")


@command.command("set")
@click.argument("file", type=click.Path(path_type=Path))
@aws_option
def set_table(file: Path, aws: bool) -> None:
    """Check FILE, written as models.yaml, and lay it over the table that ships. Workers know it within a minute."""
    text = _text(file)
    table = parse(text, name=file.name)

    async def put(connection: Connection) -> str:
        return await connection.objects.put(keys.MODELS, text.encode(), content_type="application/yaml")

    _on_cloud(aws, put)
    click.echo(f"{len(table.models)} entries of {file} are in force within a minute; `groundtune models` shows them.")


@command.command()
@aws_option
def reset(aws: bool) -> None:
    """Take your own table away; the one that ships is left."""
    _on_cloud(aws, lambda connection: connection.objects.delete(keys.MODELS))
    click.echo("The table that ships with groundtune is in force within a minute.")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadModels(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadModels(f"{file}: is not UTF-8 text; save it as UTF-8") from None


def _rows(own: ModelsFile | None) -> list[dict[str, Any]]:
    """For each pattern what holds for it, the user's own first; ``own`` says whose it is."""
    tables = [own, shipped()] if own is not None else [shipped()]
    models = Models(*tables)
    patterns: dict[str, bool] = {}
    for table in tables:
        for pattern in table.models:
            patterns.setdefault(pattern, table is own)
    return [{"pattern": pattern, "own": mine} | _known(models.of(pattern)) for pattern, mine in patterns.items()]


def _known(facts: Facts) -> dict[str, Any]:
    found = facts.model_dump(mode="json")
    return {name: value for name, value in found.items() if value is not None}


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column("model", overflow="fold", min_width=12)
    for heading in COLUMNS.values():
        table.add_column(heading, justify="right")
    table.add_column("checked")
    for row in rows:
        name = f"{row['pattern']}{' (yours)' if row['own'] else ''}"
        table.add_row(name, *(_cell(row.get(field)) for field in COLUMNS), str(row.get("checked", "")))
    return table


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")


def _on_cloud(aws: bool, work: Callable[[Connection], Awaitable[T]]) -> T:
    async def go() -> T:
        async with reach(os.environ, aws=aws, join=True) as cloud:
            if cloud.local:
                await provision(cloud.settings, load_topology(cloud.settings.topology))
            async with connect(cloud.settings) as connection:
                return await work(connection)

    return asyncio.run(go())
