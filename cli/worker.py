"""``groundtune worker NAME…``"""

from __future__ import annotations

import asyncio

import click

from cli.child import end_with_parent
from cli.configured import configured
from cli.workers import load_worker
from shared.runtime.process import run_workers


@click.command()
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
def command(names: tuple[str, ...]) -> None:
    """Run the worker NAME until SIGTERM; it finishes what it has begun, then exits 0.

    Several workers share one process, each with a poller and handlers of its own.
    """
    end_with_parent()
    settings, topology = configured()
    asyncio.run(run_workers([load_worker(name) for name in dict.fromkeys(names)], settings, topology))
