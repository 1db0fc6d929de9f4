"""``groundtune reap``: list and remove what fine-tuning left on Bedrock."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from cli.runs import aws_option, on_cloud
from shared.errors import CloudError
from shared.runtime.connection import Connection
from workers.finetune_launcher.reaping import TIME_TO_LIVE_H, Leftover, Reaped, leftovers, reap

TABLE_WIDTH = 160


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list; remove nothing.")
@click.option(
    "--older-than",
    metavar="HOURS",
    type=click.FloatRange(min=0),
    default=TIME_TO_LIVE_H,
    show_default=True,
    help="Also remove what is older than this although its run goes on.",
)
@aws_option
def command(dry_run: bool, older_than: float, aws: bool) -> None:
    """Remove deployments, provisioned throughput and running jobs that no run needs any more.

    Lists everything in the account that carries this stack's tags. What belongs to a run that has ended or is unknown
    goes, and so does what is older than the time to live. Running it again is harmless.
    """
    listed, removed = on_cloud(aws, lambda connection: _reap(connection, older_than, dry_run))
    if not listed:
        click.echo("Nothing on Bedrock carries this stack's tags.")
        return
    _show(listed)
    click.echo(summary(listed, removed, dry_run=dry_run))
    failed = [f"{each.leftover.holding.arn}: {each.error}" for each in removed if each.error is not None]
    if failed:
        raise CloudError("\n".join(["not removed; run `groundtune reap` again in a minute or act on this:", *failed]))


async def _reap(connection: Connection, older_than_h: float, dry_run: bool) -> tuple[list[Leftover], list[Reaped]]:
    services = connection.services
    listed = await leftovers(services, connection.clock.now(), older_than_h)
    due = [] if dry_run else [leftover for leftover in listed if leftover.why is not None]
    return listed, [await reap(services, leftover) for leftover in due]


def _show(listed: Sequence[Leftover]) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = TABLE_WIDTH  # a file or a pipe has no width of its own
    table = Table(
        "what", "name", "run", "arm", "age", "per hour", "its run is", "goes because", box=None, pad_edge=False
    )
    for leftover in listed:
        table.add_row(*row(leftover))
    console.print(table)


def row(leftover: Leftover) -> tuple[str, ...]:
    """The cells of one leftover."""
    holding, status = leftover.holding, leftover.run_status
    return (
        holding.kind, holding.name, leftover.run, leftover.arm, _age(leftover.age_s), _cost(leftover),
        "unknown" if status is None else status.replace("_", " "), leftover.why or "stays",
    )  # fmt: skip


def summary(listed: Sequence[Leftover], removed: Sequence[Reaped], *, dry_run: bool) -> str:
    """One sentence: how many there are, and how many went or would go."""
    due = sum(leftover.why is not None for leftover in listed)
    if dry_run:
        return f"{len(listed)} found; {due} would be removed. Nothing was touched (--dry-run)."
    gone = sum(each.error is None for each in removed)
    return f"{len(listed)} found; {gone} removed, {len(listed) - due} left because a run needs them."


def _age(seconds: float) -> str:
    hours = seconds / 3_600
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"


def _cost(leftover: Leftover) -> str:
    if not leftover.holding.units:
        return "by the token"
    return "price unknown" if leftover.usd_hour is None else f"${leftover.usd_hour:,.2f}"
