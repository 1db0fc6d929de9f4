"""The ``groundtune`` command."""

from __future__ import annotations

import click

from cli.lazy import LazyGroup


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="groundtune", prog_name="groundtune")
def groundtune() -> None:
    """Documents in, fine-tuned arms compared, a report you can trust out.

    AWS_ENDPOINT_URL names the cloud to use; without it, `groundtune run` starts a local one.
    """


def main() -> None:
    """The console script."""
    groundtune(prog_name="groundtune")
