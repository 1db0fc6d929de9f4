"""A click group that imports a command when it is used, and turns errors into messages with exit codes.

Exit codes: 2 for bad input and for a cloud that does not do what was asked, 1 for a failed run.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from cli.commands import COMMANDS
from shared.errors import GroundtuneError, RunFailed


class LazyGroup(click.Group):
    """The commands of ``COMMANDS``, in its order."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        try:
            command = importlib.import_module(entry.module).command
        except ModuleNotFoundError as error:
            message = f"`groundtune {cmd_name}` needs the module {error.name}, which is not installed"
            raise click.ClickException(f"{message}; pip install 'groundtune[all]'") from error
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from shared.nearest import nearest

            ctx.fail(f"no command is named {args[0]!r}{nearest(args[0], COMMANDS)}; `groundtune --help` lists all")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except Exception as error:
            found = _meant_for_a_person(error)
            if found is None:
                raise
            click.echo(f"Error: {found}", err=True)
            sys.exit(1 if isinstance(found, RunFailed) else 2)


def _meant_for_a_person(error: BaseException) -> GroundtuneError | None:
    """The error to show without a traceback; None for a bug, whose traceback is wanted."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    if isinstance(error, GroundtuneError):
        return error
    if "botocore" not in sys.modules:
        return None
    from shared import settings
    from shared.cloud_errors import SDK_ERRORS, explained

    if not isinstance(error, SDK_ERRORS):
        return None
    return explained(error, settings.load(os.environ))
