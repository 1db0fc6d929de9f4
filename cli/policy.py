"""``groundtune policy``: the IAM policy that a worker's role needs."""

from __future__ import annotations

import json

import click

from cli.configured import configured
from shared.cloud_errors import SDK_ERRORS, explained
from shared.provision.cloud import Cloud, Names
from shared.provision.permissions import policy
from shared.settings import Settings


@click.command()
@click.argument("worker")
def command(worker: str) -> None:
    """Print the IAM policy for the role of WORKER: the calls that it makes, on what groundtune owns, and no more.

    For the account of the credentials in use; nothing is changed there.
    """
    settings, topology = configured()
    topology.queue(worker)
    click.echo(json.dumps(policy(_names(settings), topology, worker), indent=2))


def _names(settings: Settings) -> Names:
    cloud = Cloud(settings)
    try:
        return cloud.names
    except SDK_ERRORS as error:
        raise explained(error, settings) from error
    finally:
        cloud.close()
