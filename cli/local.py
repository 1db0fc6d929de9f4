"""``groundtune local up``"""

from __future__ import annotations

import asyncio
import importlib
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from localcloud.engines.families import named
from shared.errors import BadInput

PORT = 4566
"""Where people expect a local AWS."""

ALIAS = click.option(
    "--alias", "aliases", multiple=True, metavar="REAL=LOCAL", help="A local model stands in for a real one."
)
ENGINE = click.option(
    "--engine", "engines", multiple=True, metavar="[NAME=]MODULE:CLASS",
    help="An engine of your own; --alias REAL=NAME/MODEL lets it answer.",
)  # fmt: skip
FAULTS = click.option(
    "--faults", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Trouble on purpose, as YAML."
)
OPENAI = click.option(
    "--openai", metavar="URL", help="An OpenAI-compatible server; --alias REAL=openai/MODEL lets it answer."
)
OPENAI_KEY_ENV = click.option("--openai-key-env", metavar="NAME", help="Environment variable with that server's key.")


@click.group()
def command() -> None:
    """Run the AWS that lives on this machine."""


@command.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes any free one.")
@click.option("--base", type=click.Choice(["ministack", "moto"]), default="ministack", show_default=True)
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Folder that survives a clean stop.")
@ALIAS
@ENGINE
@OPENAI
@OPENAI_KEY_ENV
@FAULTS
@click.option(
    "--knowledge-base", "knowledge", multiple=True, metavar="ID=FOLDER",
    help="Text files that Retrieve finds passages in, under an id of ten letters and digits.",
)  # fmt: skip
def up(aliases: tuple[str, ...], engines: tuple[str, ...], knowledge: tuple[str, ...], **options: Any) -> None:
    """Serve SQS, S3, DynamoDB, IAM, EventBridge and Bedrock on 127.0.0.1 until Ctrl-C.

    The first lines printed are the environment to export.
    """
    parsed = {
        "aliases": parse_aliases(aliases), "engines": parse_engines(engines), "knowledge": parse_knowledge(knowledge)
    }  # fmt: skip
    asyncio.run(_serve(**parsed, **options))


def parse_aliases(aliases: Sequence[str]) -> dict[str, str]:
    """Local by real model id. Raises BadInput for what is not ``REAL=LOCAL``."""
    pairs = [alias.partition("=") for alias in aliases]
    for alias, (real, _, local) in zip(aliases, pairs, strict=True):
        if not real or not local:
            raise BadInput(f"--alias {alias!r} must be REAL=LOCAL, such as amazon.nova-micro-v1:0=local.reader-v1")
    return {real: local for real, _, local in pairs}


def parse_knowledge(bases: Sequence[str]) -> dict[str, Path]:
    """Folders by the id of the knowledge base that they are. Raises BadInput for what is not ``ID=FOLDER``."""
    pairs = [base.partition("=") for base in bases]
    for base, (id_, _, folder) in zip(bases, pairs, strict=True):
        if not id_ or not folder:
            raise BadInput(f"--knowledge-base {base!r} must be ID=FOLDER, such as KB12345678=documents")
    return {id_: Path(folder) for id_, _, folder in pairs}


def parse_engines(engines: Sequence[str]) -> dict[str, str]:
    """``module:Class`` by the engine's name, which is empty for the one in place of the default."""
    return dict(map(named, engines))


async def _serve(**options: Any) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await _server().serve(**options, on_ready=_say_ready, stop=stop)


def _server() -> Any:
    """The local cloud's module. Raises BadInput naming the extra when it is not installed."""
    try:
        return importlib.import_module("localcloud.server")
    except ModuleNotFoundError as error:
        raise BadInput(f"the local cloud needs {error.name}; pip install 'groundtune[local]'") from error


def _say_ready(endpoint: str) -> None:
    from localcloud.process import client_environment

    for name, value in client_environment(endpoint).items():
        click.echo(f"export {name}={value}")
    click.echo("# ready; Ctrl-C stops it", err=True)
