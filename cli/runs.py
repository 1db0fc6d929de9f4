"""``groundtune runs``: list, show, watch, cancel and score runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table

from cli.cloud import reach
from cli.display import Display
from cli.progress import look, watch
from cli.rescoring import score_again
from cli.submission import cancel
from schemas.state import RunRecord
from shared.errors import BadInput
from shared.provision import provision
from shared.runtime.connection import Connection, connect
from shared.topology import load_topology

T = TypeVar("T")
aws_option = click.option("--aws", is_flag=True, help="Look on AWS; shows account and region and asks first.")


@click.group()
def command() -> None:
    """List, show, watch, cancel and score runs (of the local state in .groundtune, if no cloud is named)."""


@command.command("list")
@aws_option
def list_runs(aws: bool) -> None:
    """Every run, newest first."""
    runs = on_cloud(aws, lambda connection: connection.services.runs.all())
    if not runs:
        click.echo("No runs yet. `groundtune run RUN.yaml` makes one.")
        return
    table = Table("run", "status", "corpus", "submitted (UTC)", box=None, pad_edge=False)
    for record in runs:
        table.add_row(record.run, record.status, record.corpus, f"{_utc(record.created):%Y-%m-%d %H:%M:%S}")
    Console().print(table)


@command.command()
@click.argument("run")
@aws_option
def show(run: str, aws: bool) -> None:
    """One run: status, stages, arms and failed items."""
    on_cloud(aws, lambda connection: _show(connection, run))


@command.command("watch")
@click.argument("run")
@aws_option
def watch_run(run: str, aws: bool) -> None:
    """Follow a run until it has ended."""
    record = on_cloud(aws, lambda connection: _watch(connection, run))
    click.echo(_ending(record))


@command.command("cancel")
@click.argument("run")
@aws_option
def cancel_run(run: str, aws: bool) -> None:
    """Cancel a run: stop its jobs, remove its deployments."""
    ended = on_cloud(aws, lambda connection: _cancel(connection, run))
    click.echo(f"Run {run} is cancelled." if ended else f"Run {run} had ended already.")


@command.command("score")
@click.argument("run")
@click.option("--add", "metrics", multiple=True, required=True, metavar="METRIC", help="Such as chrf; may be repeated.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the new report; out/<name> by default."
)
@aws_option
def score_run(run: str, metrics: tuple[str, ...], out: Path | None, aws: bool) -> None:
    """Score an ended run by more metrics: only these are computed, then its report is made again."""
    asyncio.run(score_again(run, metrics, out, aws))


async def _show(connection: Connection, run: str) -> None:
    snapshot = await look(connection.services, run)
    click.echo(_ending(snapshot.record))
    for stage in snapshot.stages:
        click.echo(f"  {stage.name:<28} {stage.done} of {'?' if stage.total is None else stage.total}")
    for arm in await connection.services.runs.arms(run):
        click.echo(f"  arm {arm.name}: {arm.status}{f' ({arm.reason})' if arm.reason else ''}")
    for failure in await connection.services.runs.failures(run):
        click.echo(f"  failed at {failure.stage}: {failure.item}: {failure.code}: {failure.message}")


async def _watch(connection: Connection, run: str) -> RunRecord:
    with Display(Console(stderr=True)) as display:
        return await watch(connection.services, run, display.show)


async def _cancel(connection: Connection, run: str) -> bool:
    if await connection.services.runs.get(run) is None:
        raise BadInput(f"there is no run {run!r}; `groundtune runs list` shows the runs")
    return await cancel(connection, load_topology(connection.settings.topology), run)


def _ending(record: RunRecord) -> str:
    reason = f": {record.reason}" if record.reason else ""
    return f"Run {record.run} is {record.status.replace('_', ' ')}{reason}."


def on_cloud(aws: bool, work: Callable[[Connection], Awaitable[T]]) -> T:
    """What ``work`` says of the cloud that the environment names, AWS with ``aws``, else of the local one."""

    async def go() -> T:
        async with reach(os.environ, aws=aws, join=True) as cloud:
            if cloud.local:
                await provision(cloud.settings, load_topology(cloud.settings.topology))
            async with connect(cloud.settings) as connection:
                return await work(connection)

    return asyncio.run(go())


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
