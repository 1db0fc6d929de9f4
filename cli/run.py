"""``groundtune run``: from run.yaml to report, with a cloud and a fleet of its own where none is named."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from cli.cloud import STATE, Cloud, LocalOptions, reach
from cli.display import Display
from cli.language import LANG
from cli.local import ALIAS, ENGINE, FAULTS, OPENAI, OPENAI_KEY_ENV
from cli.notice import notice_of
from cli.outcome import copy_datasets, copy_report, ending, print_table
from cli.progress import watch
from cli.runfile import RunFile, load_run_file
from cli.scale import parse_scale
from cli.submission import new_run_id, submit
from cli.supervisor import Supervisor
from schemas.state import RunRecord
from shared.errors import BadInput, Unreachable
from shared.provision import provision
from shared.runtime.connection import Connection, connect
from shared.topology import Topology, load_topology

PATIENCE_S = 15
"""A fleet that is up takes a run within seconds."""

EXIT_CODES = {"completed": 0, "completed_with_failures": 3, "failed": 1, "cancelled": 1}


@dataclass(frozen=True)
class Options:
    """What the command line said."""

    runfile: RunFile
    out: Path
    fresh: bool
    lang: str
    aws: bool
    fleet: bool | None
    scale: dict[str, int]
    local: LocalOptions


@click.command()
@click.argument("run_file", metavar="RUN.yaml", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the report; out/<name> by default."
)
@click.option("--fresh", is_flag=True, help="Forget what earlier runs left in .groundtune (local cloud only).")
@LANG
@click.option("--aws", is_flag=True, help="Run on AWS; shows account, region and price and asks first.")
@click.option("--fleet/--no-fleet", default=None, help="Start workers here; by default only with a local cloud.")
@click.option("--scale", default="", metavar="scorer=2,…", help="How many workers of a kind; one by default.")
@ALIAS
@ENGINE
@OPENAI
@OPENAI_KEY_ENV
@FAULTS
def command(
    run_file: Path, out: Path | None, fresh: bool, lang: str, aws: bool, fleet: bool | None, scale: str, **local: Any
) -> None:  # fmt: skip
    """Run the experiment RUN.yaml and copy its report to a folder.

    Uses the cloud that AWS_ENDPOINT_URL names, or AWS with --aws; else starts a local cloud and a fleet, whose
    state is kept in .groundtune so that the next run pays no teacher call again.

    Exit codes: 0 completed, 3 completed with failures, 1 failed, 2 bad input.
    """
    if (fresh or any(local.values())) and (aws or os.environ.get("AWS_ENDPOINT_URL")):
        raise BadInput(
            "--alias, --engine, --openai, --faults and --fresh are for a local cloud that this command starts;"
            " none is started here"
        )
    runfile = load_run_file(run_file)
    target = _made(out or Path("out") / runfile.experiment.name)
    options = Options(runfile, target, fresh, lang, aws, fleet, parse_scale(scale), LocalOptions(**local))
    record = asyncio.run(_interruptible(options))
    raise SystemExit(EXIT_CODES[record.status])


def _made(folder: Path) -> Path:
    """The report's folder, made before anything is started: a run must not end without a place for its report."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"the report cannot be put into {folder}: {error.strerror}; name another folder with --out"
        ) from error
    return folder


async def _interruptible(options: Options) -> RunRecord:
    """Ctrl-C and SIGTERM end the run's wait; fleet and cloud are stopped cleanly, so that nothing is lost."""
    task = asyncio.ensure_future(_run(options))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        raise click.ClickException("interrupted; what is done is kept, the same command goes on from there") from None


async def _run(options: Options) -> RunRecord:
    try:
        return await _run_on_cloud(options)
    except Unreachable as error:
        if options.aws or os.environ.get("AWS_ENDPOINT_URL"):
            raise
        message = f"the local cloud does not answer any more ({error}); see {STATE / 'cloud.log'}, then run again"
        raise Unreachable(message) from error


async def _run_on_cloud(options: Options) -> RunRecord:
    console = Console(stderr=True)
    notice = notice_of(options.runfile, console)
    async with reach(os.environ, aws=options.aws, fresh=options.fresh, options=options.local, notice=notice) as cloud:
        topology = load_topology(cloud.settings.topology)
        changes = await provision(cloud.settings, topology)
        with Display(console) as display:
            created = sum(change.action != "unchanged" for change in changes)
            display.say(f"cloud at {cloud.settings.endpoint or cloud.settings.region}, {created} resources provisioned")
            async with _fleet(cloud, options, display) as workers:
                record = await _until_ended(cloud, topology, options, display, workers)
        return record


@asynccontextmanager
async def _fleet(cloud: Cloud, options: Options, display: Display) -> AsyncIterator[Supervisor | None]:
    """A fleet of child processes, their logs in the state folder; nothing where workers run elsewhere."""
    if not (cloud.local if options.fleet is None else options.fleet):
        yield None
        return
    logs = (cloud.state or STATE) / "logs"
    grace_s = cloud.settings.grace_s
    async with Supervisor(options.scale, cloud.environ, logs=logs, grace_s=grace_s, say=display.say) as workers:
        display.say(f"{sum(options.scale.values())} workers started, their logs are in {logs}")
        yield workers


async def _until_ended(
    cloud: Cloud, topology: Topology, options: Options, display: Display, workers: Supervisor | None
) -> RunRecord:
    async with connect(cloud.settings) as connection:
        run = new_run_id(options.runfile.experiment.name)
        await submit(connection, topology, options.runfile, run)
        experiment = options.runfile.experiment
        display.say(f"run {run}: {len(experiment.arms)} arms, {len(options.runfile.truth)} ground-truth pairs")
        record = await _first_to_end(connection, run, display, workers)
        objects = connection.services.artifacts.objects
        report = await copy_report(objects, record, options.out, options.lang)
        await copy_datasets(objects, record.run, options.out)
        display.say(ending(record, options.out if report else None))
    if report is not None:
        print_table(report)
    return record


async def _first_to_end(connection: Connection, run: str, display: Display, workers: Supervisor | None) -> RunRecord:
    """The run's end. Raises CloudError when the fleet cannot work, rather than wait for ever."""
    watching = asyncio.ensure_future(watch(connection.services, run, display.show))
    other = asyncio.ensure_future(workers.wait() if workers else _hint_at_a_missing_fleet(connection, run, display))
    try:
        await asyncio.wait({watching, other}, return_when=asyncio.FIRST_COMPLETED)
        if other.done():
            await other
        return await watching
    finally:
        watching.cancel()
        other.cancel()


async def _hint_at_a_missing_fleet(connection: Connection, run: str, display: Display) -> None:
    """Workers run elsewhere, if they run: says so when none has taken the run for a while."""
    await asyncio.sleep(PATIENCE_S)
    record = await connection.services.runs.get(run)
    if record is not None and record.status == "requested":
        display.say("no worker has taken the run yet; start `groundtune fleet up` for this cloud, or run with --fleet")
