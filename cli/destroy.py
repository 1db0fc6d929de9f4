"""``groundtune destroy``"""

from __future__ import annotations

import asyncio

import click

from cli.changes import show_changes
from cli.configured import configured
from shared.provision import destroy


@click.command()
@click.option("--force", is_flag=True, help="Also delete every object in the bucket.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(force: bool, yes: bool) -> None:
    """Delete all that provision made. Refuses a bucket that is not empty, unless --force."""
    settings, topology = configured()
    where = settings.endpoint or f"AWS, region {settings.region}"
    also = " and every object in its bucket" if force else ""
    if not yes:
        click.confirm(f"Delete everything named {settings.name!r}{also} at {where}?", abort=True)
    show_changes(asyncio.run(destroy(settings, topology, force)))
