"""``groundtune worker NAME``"""

from __future__ import annotations

import asyncio

import click

from cli.child import end_with_parent
from cli.configured import configured
from cli.workers import load_worker
from shared.runtime.process import run_worker


@click.command()
@click.argument("name")
def command(name: str) -> None:
    """Run the worker NAME until SIGTERM; it finishes what it has begun, then exits 0."""
    end_with_parent()
    settings, topology = configured()
    asyncio.run(run_worker(load_worker(name), settings, topology))
