"""``groundtune submit``: hands a run to a fleet that runs elsewhere, or sets a corpus up to start runs by itself."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click
import yaml
from rich.console import Console

from cli.cloud import Cloud, reach
from cli.notice import notice_of
from cli.runfile import RunFile, load_run_file
from cli.submission import new_run_id, put_experiment, submit
from schemas.pipeline import Pipeline, StartWhen
from shared.errors import BadInput
from shared.runtime.connection import connect
from shared.store import keys
from shared.topology import load_topology


@click.command()
@click.argument("run_file", metavar="RUN.yaml", type=click.Path(path_type=Path))
@click.option("--aws", is_flag=True, help="Submit on AWS; shows account and region and asks first.")
@click.option("--on-arrival", metavar="N", type=int, help="Run whenever N new documents lie in the corpus's inbox.")
@click.option("--when-quiet", metavar="MINUTES", type=float, help="Run when no document has arrived for so long.")
def command(run_file: Path, aws: bool, on_arrival: int | None, when_quiet: float | None) -> None:
    """Request the run RUN.yaml and return at once; with --on-arrival or --when-quiet have runs start by themselves."""
    if not aws and not os.environ.get("AWS_ENDPOINT_URL"):
        raise BadInput("submit needs a cloud: set AWS_ENDPOINT_URL, or use --aws; `groundtune run` starts its own")
    runfile = load_run_file(run_file)
    start = StartWhen(new_documents=on_arrival, quiet_minutes=when_quiet)
    automatic = on_arrival is not None or when_quiet is not None
    asyncio.run(_submit(runfile, aws=aws, start=start if automatic else None))


async def _submit(runfile: RunFile, *, aws: bool, start: StartWhen | None) -> None:
    async with reach(os.environ, aws=aws, notice=notice_of(runfile, Console(stderr=True))) as cloud:
        if start is None:
            click.echo(await _request(cloud, runfile))
        else:
            await _configure(cloud, runfile, start)


async def _request(cloud: Cloud, runfile: RunFile) -> str:
    run = new_run_id(runfile.experiment.name)
    async with connect(cloud.settings) as connection:
        await submit(connection, load_topology(cloud.settings.topology), runfile, run)
    return run


async def _configure(cloud: Cloud, runfile: RunFile, start: StartWhen) -> None:
    """Stores pipeline.yaml, run.yaml and ground truth in the corpus's config."""
    corpus = runfile.experiment.corpus.name
    pipeline = Pipeline(chunking=runfile.experiment.chunking, start=start)
    async with connect(cloud.settings) as connection:
        truth = keys.corpus_config(corpus, pipeline.ground_truth)
        await put_experiment(connection, runfile, keys.corpus_config(corpus, pipeline.run), truth)
        body = yaml.safe_dump(pipeline.model_dump(mode="json"), sort_keys=False).encode()
        key = keys.corpus_config(corpus, "pipeline.yaml")
        await connection.services.artifacts.write_bytes(key, body, "application/yaml")
        inbox = f"s3://{connection.objects.bucket}/{keys.inbox(corpus)}"
        click.echo(f"Documents put under {inbox} now start runs by themselves.")
