"""Which cloud a command talks to: the one AWS_ENDPOINT_URL names, the real one, or a local one started for it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import boto3
import click

from cli.local import parse_aliases, parse_engines
from shared import settings
from shared.cloud_errors import SDK_ERRORS, explained
from shared.errors import CloudError
from shared.settings import Settings

STATE = Path(".groundtune")
"""Where a local cloud keeps its state between runs, in the working directory."""

LOCAL_WAIT_S = "1"
"""Long polls of workers that end with the command: an idle one shall stop within a second; polls cost nothing."""

ENDPOINT = "endpoint"
"""File in a state folder that says where its cloud answers, while the folder is locked."""

Notice = Callable[[Settings, str], Awaitable[None]]
"""Tells a person something before money is spent in an account; what it raises is the end of the command."""

SLOTS = 16
"""Local clouds that may run side by side in one working directory."""


@dataclass(frozen=True)
class Cloud:
    """A cloud to talk to. ``environ`` is what child processes need to reach it; ``state`` is a local one's folder."""

    settings: Settings
    environ: dict[str, str]
    state: Path | None = None

    @property
    def local(self) -> bool:
        """Whether this command started the cloud for itself."""
        return self.state is not None


@dataclass(frozen=True)
class LocalOptions:
    """How a local cloud that a command starts shall be: ``REAL=LOCAL`` each, ``NAME=MODULE:CLASS`` each, a server for
    ``openai/…``, and a file of trouble on purpose."""

    aliases: Sequence[str] = ()
    engines: Sequence[str] = ()
    openai: str | None = None
    openai_key_env: str | None = None
    faults: Path | None = None


_USUAL = LocalOptions()


@asynccontextmanager
async def reach(
    environ: Mapping[str, str],
    *,
    aws: bool = False,
    fresh: bool = False,
    join: bool = False,
    options: LocalOptions = _USUAL,
    notice: Notice | None = None,
) -> AsyncIterator[Cloud]:
    """The cloud that the environment names, AWS with ``aws``, else a local one that ends with this context.

    With ``join``, the local cloud of a run that is going on in this folder, if there is one, comes before a new one.
    ``notice`` is called with AWS's settings and account before a person is asked whether to go on there.
    While the context lasts, this process's own environment names that cloud too, as AWS clients expect it.
    """
    async with _chosen(environ, aws=aws, fresh=fresh, join=join, options=options, notice=notice) as cloud:
        before = dict(os.environ)
        _become(cloud.environ)
        try:
            yield cloud
        finally:
            _become(before)


@asynccontextmanager
async def _chosen(
    environ: Mapping[str, str], *, aws: bool, fresh: bool, join: bool, options: LocalOptions, notice: Notice | None
) -> AsyncIterator[Cloud]:
    if aws:
        yield await real_cloud(environ, notice)
    elif environ.get("AWS_ENDPOINT_URL"):
        yield Cloud(settings.load(environ), dict(environ))
    elif join and (endpoint := running_endpoint(STATE)):
        inner = _local_environ(environ, endpoint)
        yield Cloud(settings.load(inner), inner)
    else:
        with state_slot(STATE, fresh=fresh) as state:
            async with local_cloud(environ, state, options) as cloud:
                yield cloud


def _become(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


async def real_cloud(environ: Mapping[str, str], notice: Notice | None = None) -> Cloud:
    """AWS itself, once a person has seen account and region and agreed."""
    inner = {name: value for name, value in environ.items() if name != "AWS_ENDPOINT_URL"}
    found = settings.load(inner)
    try:
        account = boto3.client("sts", region_name=found.region).get_caller_identity()["Account"]
    except SDK_ERRORS as error:
        raise explained(error, found) from error
    click.echo(f"AWS account {account}, region {found.region}. Jobs, deployments and model calls there cost money.")
    if notice is not None:
        await notice(found, account)
    click.confirm("Go on?", abort=True)
    return Cloud(found, inner)


@contextmanager
def state_slot(root: Path, *, fresh: bool) -> Iterator[Path]:
    """A state folder that no other command uses: the first free one, locked until the context ends."""
    root.mkdir(exist_ok=True)
    for number in range(1, SLOTS + 1):
        state = root if number == 1 else root / f"slot-{number}"
        state.mkdir(exist_ok=True)
        with (state / "lock").open("a") as lock:
            if not _locked(lock):
                continue
            (state / ENDPOINT).unlink(missing_ok=True)
            if fresh:
                shutil.rmtree(state / "cloud", ignore_errors=True)
            yield state
            return
    raise CloudError(f"{SLOTS} local clouds run in {root.resolve()} already; wait for one to end")


def running_endpoint(root: Path) -> str | None:
    """Where the local cloud of a command that is at work in this folder answers; None when there is none."""
    for lock in [root / "lock", *sorted(root.glob("slot-*/lock"))]:
        endpoint = lock.with_name(ENDPOINT)
        if not endpoint.is_file():
            continue
        with lock.open("a") as file:
            if not _locked(file):
                return endpoint.read_text().strip()
    return None


def _locked(file: IO[str]) -> bool:
    """Takes the lock until the file is closed; False when somebody else has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@asynccontextmanager
async def local_cloud(environ: Mapping[str, str], state: Path, options: LocalOptions) -> AsyncIterator[Cloud]:
    """A local cloud in a process of its own, on a free port; stopped cleanly, so that its state is kept."""
    from localcloud.process import LocalCloud

    async with LocalCloud(
        state=state / "cloud", aliases=parse_aliases(options.aliases), log=state / "cloud.log",
        engines=parse_engines(options.engines), openai=options.openai, openai_key_env=options.openai_key_env,
        faults=options.faults,
    ) as running:  # fmt: skip
        (state / ENDPOINT).write_text(running.endpoint)
        inner = _local_environ(environ, running.endpoint)
        yield Cloud(settings.load(inner), inner, state)


def _local_environ(environ: Mapping[str, str], endpoint: str) -> dict[str, str]:
    from localcloud.process import client_environment

    inner = {name: value for name, value in environ.items() if name not in ("AWS_PROFILE", "AWS_SESSION_TOKEN")}
    return {"GROUNDTUNE_WAIT_S": LOCAL_WAIT_S} | inner | client_environment(endpoint)
