"""``groundtune runs score``: more metrics for a run that has ended."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from cli.cloud import STATE, reach
from cli.display import Display
from cli.outcome import copy_report, ending, print_table
from cli.progress import watch
from cli.redriving import FIRST_SWEEP_S
from cli.supervisor import Supervisor
from schemas.events import RunSweepDue
from schemas.experiment import known_metrics
from schemas.state import ENDED, RunRecord
from shared.errors import BadInput
from shared.provision import provision
from shared.rescoring import add_metrics, not_yet_asked
from shared.revisions import revisable
from shared.runtime.connection import Connection, connect
from shared.runtime.publish import publish
from shared.runtime.worker import Delayed
from shared.topology import Topology, load_topology


async def score_again(run: str, metrics: Sequence[str], out: Path | None, aws: bool) -> None:
    """Adds the metrics. On a local cloud a scorer is started and the new report waited for; elsewhere a fleet is at
    work."""
    async with reach(os.environ, aws=aws, join=True) as cloud:
        topology = load_topology(cloud.settings.topology)
        if cloud.local:
            await provision(cloud.settings, topology)
        async with connect(cloud.settings) as connection:
            revision = await open_again(connection, topology, run, metrics)
            click.echo(f"run {run}: revision {revision} scores {', '.join(metrics)}")
            if not cloud.local:
                return
            logs, grace_s = (cloud.state or STATE) / "logs", cloud.settings.grace_s
            with Display(Console(stderr=True)) as display:
                async with Supervisor({"scorer": 1}, cloud.environ, logs=logs, grace_s=grace_s, say=display.say):
                    record = await watch(connection.services, run, display.show)
            await _tell(connection, record, out or Path("out") / record.name)


async def open_again(connection: Connection, topology: Topology, run: str, metrics: Sequence[str]) -> int:
    """The run's new revision, asked for. Raises BadInput where that cannot be."""
    services = connection.services
    record = await services.runs.get(run)
    if record is None:
        raise BadInput(f"there is no run {run!r}; `groundtune runs list` shows the runs")
    if not revisable(record):
        why = "ended before its arms were built, or was cancelled" if record.status in ENDED else "is still at work"
        raise BadInput(f"run {run} {why}: metrics can be added to a run that has answers and has ended")
    wanted = await not_yet_asked(services, record, _known(metrics))
    if not wanted:
        raise BadInput(f"run {run} is scored by {', '.join(metrics)} already; its report has the numbers")
    events = await add_metrics(services, record, wanted)
    if not events:
        raise BadInput(f"run {run} changed meanwhile; look with `groundtune runs show {run}` and try again")
    revision = record.revision + 1
    sweep = Delayed(RunSweepDue(run=run, revision=revision), FIRST_SWEEP_S)
    await publish(connection, topology, [sweep, *events], source="cli")
    return revision


async def _tell(connection: Connection, record: RunRecord, out: Path) -> None:
    report = await copy_report(connection.services.artifacts.objects, record, out)
    click.echo(ending(record, out if report else None))
    if report is not None:
        print_table(report)


def _known(metrics: Sequence[str]) -> list[str]:
    try:
        return known_metrics(metrics)
    except ValueError as error:
        raise BadInput(str(error)) from error
