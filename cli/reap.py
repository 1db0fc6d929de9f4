"""``groundtune reap``: list and remove what runs left on Bedrock."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from cli.runs import aws_option, on_cloud
from schemas.state import ENDED
from shared.bedrock.holdings import JOB_KINDS
from shared.errors import CloudError
from shared.runtime.connection import Connection
from workers.finetune_launcher.reaping import TIME_TO_LIVE_H, Leftover, Limits, Reaped, leftovers, reap

TABLE_WIDTH = 180
MODEL = "custom model"
HEADINGS = ("what", "name", "run", "arm", "age", "per hour", "what happens")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list; remove nothing.")
@click.option(
    "--older-than",
    metavar="HOURS",
    type=click.FloatRange(min=0),
    default=TIME_TO_LIVE_H,
    show_default=True,
    help="Also remove what has served a model for longer although its run goes on.",
)
@click.option(
    "--models", is_flag=True, help="Also remove custom models of runs that have ended: they are gone for good."
)
@aws_option
def command(dry_run: bool, older_than: float, models: bool, aws: bool) -> None:
    """Stop jobs, and remove deployments and provisioned throughput, that no run needs any more.

    Lists everything in the account that carries this stack's tags, custom models too. What belongs to a run that has
    ended or is unknown goes, and so does what has served a model for longer than its time to live. A job of a run that
    goes on is never stopped. Running it again is harmless.
    """
    limits = Limits(older_than, models)
    listed, removed = on_cloud(aws, lambda connection: _reap(connection, limits, dry_run))
    if not listed:
        click.echo("Nothing on Bedrock carries this stack's tags.")
        return
    _show(listed)
    click.echo(summary(listed, removed, dry_run=dry_run))
    failed = [f"{each.leftover.holding.arn}: {each.error}" for each in removed if each.error is not None]
    if failed:
        raise CloudError("\n".join(["not removed; run `groundtune reap` again in a minute or act on this:", *failed]))


async def _reap(connection: Connection, limits: Limits, dry_run: bool) -> tuple[list[Leftover], list[Reaped]]:
    services, now = connection.services, connection.clock.now()
    listed = await leftovers(services, now, limits)
    due = [] if dry_run else [leftover for leftover in listed if leftover.why is not None]
    return listed, [await reap(services, leftover, now) for leftover in due]


def _show(listed: Sequence[Leftover]) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = TABLE_WIDTH  # a file or a pipe has no width of its own
    table = Table(*HEADINGS, box=None, pad_edge=False)
    for leftover in listed:
        table.add_row(*row(leftover))
    console.print(table)


def row(leftover: Leftover) -> tuple[str, ...]:
    """The cells of one leftover, under ``HEADINGS``."""
    holding = leftover.holding
    return (
        holding.kind, holding.name, leftover.run, leftover.arm or "all", _age(leftover.age_s), _cost(leftover),
        _what_happens(leftover),
    )  # fmt: skip


def summary(listed: Sequence[Leftover], removed: Sequence[Reaped], *, dry_run: bool) -> str:
    """One sentence: how many there are, and how many went or would go."""
    due = sum(leftover.why is not None for leftover in listed)
    if dry_run:
        return f"{len(listed)} found; {due} would be removed. Nothing was touched (--dry-run)."
    gone = sum(each.error is None for each in removed)
    return f"{len(listed)} found; {gone} removed, {len(listed) - due} stay."


def _age(seconds: float) -> str:
    hours = seconds / 3_600
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"


def _cost(leftover: Leftover) -> str:
    kind = leftover.holding.kind
    if kind == "customization job":
        return "by the token trained"
    if kind in ("batch inference job", "deployment"):
        return "by the token"
    return "price unknown" if leftover.usd_hour is None else f"${leftover.usd_hour:,.{2 + 2 * (kind == MODEL)}f}"


def _what_happens(leftover: Leftover) -> str:
    kind, status = leftover.holding.kind, leftover.run_status
    if leftover.why is not None:
        return f"{'stopped' if kind in JOB_KINDS else 'removed'}: {leftover.why}"
    if kind == MODEL and (status is None or status in ENDED):
        return "stays: what training paid for; --models removes it"
    if status is None:
        return "stays: its run is unknown"
    return f"stays: its run is {status.replace('_', ' ')}; `groundtune runs cancel {leftover.run}` ends it"
