"""``groundtune dlq list|show|redrive``"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from cli.causes import causes
from cli.configured import configured
from cli.dead_letters import DeadLetter, held
from cli.redriving import Redriven, redrive
from shared.errors import BadInput
from shared.runtime.connection import Connection, connect

MOST = 100_000
"""More than one look needs; SQS holds at most 120,000 in flight."""


@click.group()
def command() -> None:
    """List, show and redrive dead letters. Without WORKER, of all workers."""


@command.command("list")
@click.argument("worker", required=False)
@click.option("--limit", type=click.IntRange(1, MOST), default=100, show_default=True, help="Messages per worker.")
@click.option("--by-cause", is_flag=True, help="One line for all that died of the same bug or for the same reason.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list instead of a table.")
def list_(worker: str | None, limit: int, by_cause: bool, as_json: bool) -> None:
    """List dead letters with the reason why each died. Those with the same stack died of the same bug."""
    letters = asyncio.run(_look(worker, limit))
    rows = [asdict(cause) for cause in causes(letters)] if by_cause else [_row(letter) for letter in letters]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif rows:
        Console().print(_table(rows))
    else:
        click.echo("no dead letters")


@command.command()
@click.argument("id")
@click.option("--worker", help="Look in this worker's dead letters only.")
def show(id: str, worker: str | None) -> None:
    """Show the whole message whose event (or SQS message) has this ID."""
    for letter in _with_id(asyncio.run(_look(worker, MOST)), id):
        click.echo(json.dumps({**_row(letter), "body": _readable(letter.body)}, indent=2, ensure_ascii=False))


@command.command("redrive")
@click.argument("worker", required=False)
@click.option("--id", help="Only the message whose event has this id.")
@click.option("--limit", type=click.IntRange(1, MOST), default=MOST, help="At most so many messages per worker.")
def redrive_(worker: str | None, id: str | None, limit: int) -> None:
    """Send dead letters back to the queues they died in, to be handled as if new.

    A run that has ended with them missing is revised: their failures are taken back, and when they are done its
    comparison and report are made again.
    """
    done = asyncio.run(_redrive(worker, id, limit))
    for letter in done.sent:
        click.echo(f"{letter.worker}: {letter.type} {letter.id}")
    for note in done.notes:
        click.echo(note)
    click.echo(f"{len(done.sent)} sent back")


async def _look(worker: str | None, limit: int) -> list[DeadLetter]:
    async with _all_held(worker, limit) as (_, letters):
        return letters


async def _redrive(worker: str | None, id: str | None, limit: int) -> Redriven:
    _, topology = configured()
    async with _all_held(worker, MOST if id else limit) as (connection, letters):
        return await redrive(connection, topology, _with_id(letters, id) if id else letters)


@asynccontextmanager
async def _all_held(worker: str | None, limit: int) -> AsyncIterator[tuple[Connection, list[DeadLetter]]]:
    """The dead letters of one worker or of all. Raises BadTopology for an unknown worker."""
    settings, topology = configured()
    workers = [queue.worker for queue in ([topology.queue(worker)] if worker else topology.queues)]
    async with connect(settings) as connection, held(connection, workers, limit) as letters:
        yield connection, letters


def _with_id(letters: Sequence[DeadLetter], id: str) -> list[DeadLetter]:
    chosen = [letter for letter in letters if id in (letter.id, letter.message.id, *letter.events)]
    if not chosen:
        raise BadInput(f"no dead letter has the id {id!r}; `groundtune dlq list` shows their ids")
    return chosen


def _row(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id, "worker": letter.worker, "type": letter.type, "run": letter.run,
        "attempts": letter.attempts, "stack_hash": letter.stack_hash, "reason": letter.reason,
    }  # fmt: skip


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name.removesuffix("_hash"), overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    return table


def _readable(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
