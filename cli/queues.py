"""``groundtune queues``"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from cli.configured import configured
from cli.queue_counts import QueueCounts, count_queues
from shared.runtime.connection import connect
from shared.settings import Settings
from shared.topology import Topology


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON list instead of a table.")
def command(as_json: bool) -> None:
    """Show how many messages wait, are in flight, are delayed, and lie dead, queue by queue."""
    settings, topology = configured()
    counts = asyncio.run(_counts(settings, topology))
    if as_json:
        click.echo(json.dumps([count.as_dict() for count in counts], indent=2))
    else:
        Console().print(_table(counts))


async def _counts(settings: Settings, topology: Topology) -> list[QueueCounts]:
    async with connect(settings) as connection:
        return await count_queues(connection, topology)


def _table(counts: Sequence[QueueCounts]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("queue")
    for heading in ("waiting", "in flight", "delayed", "dead letters"):
        table.add_column(heading, justify="right")
    for count in counts:
        dead = f"[red]{count.dead}[/red]" if count.dead else "0"
        table.add_row(count.worker, str(count.waiting), str(count.in_flight), str(count.delayed), dead)
    return table
