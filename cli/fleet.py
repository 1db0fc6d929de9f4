"""``groundtune fleet up``"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import click

from cli.configured import configured
from cli.scale import parse_scale
from cli.supervisor import Supervisor
from shared.runtime.connection import connect, gather_queues
from shared.settings import Settings
from shared.topology import Topology


@click.group()
def command() -> None:
    """Run all workers as child processes, restarted when they die."""


@command.command()
@click.option("--scale", default="", metavar="scorer=4,…", help="Processes of a worker; one of each by default.")
@click.option("--logs", type=click.Path(file_okay=False, path_type=Path), help="Folder for one log file a process.")
def up(scale: str, logs: Path | None) -> None:
    """Run the whole fleet until Ctrl-C or SIGTERM; every worker then finishes what it has begun."""
    settings, topology = configured()
    asyncio.run(_up(settings, topology, parse_scale(scale), logs))


async def _up(settings: Settings, topology: Topology, scale: dict[str, int], logs: Path | None) -> None:
    await _check_queues(settings, topology)
    supervisor = Supervisor(scale, os.environ, logs=logs, grace_s=settings.grace_s, say=_say)
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    async with supervisor:
        _say(f"{sum(scale.values())} workers run; Ctrl-C stops them")
        broken, stopped = asyncio.ensure_future(supervisor.wait()), asyncio.ensure_future(asked.wait())
        await asyncio.wait((broken, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if broken.done():
            await broken
        broken.cancel()


async def _check_queues(settings: Settings, topology: Topology) -> None:
    """Before any process starts: one clear message beats six of them failing."""
    async with connect(settings) as connection:
        await gather_queues(connection, {queue.worker: settings.queue(queue.worker) for queue in topology.queues})


def _say(line: str) -> None:
    click.echo(line, err=True)
