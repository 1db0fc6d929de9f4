"""``groundtune provision``"""

from __future__ import annotations

import asyncio

import click

from cli.changes import show_changes
from cli.configured import configured
from shared.provision import provision


@click.command()
def command() -> None:
    """Create or update queues, bucket, table, role and rule. Run twice, nothing changes."""
    settings, topology = configured()
    show_changes(asyncio.run(provision(settings, topology)))
