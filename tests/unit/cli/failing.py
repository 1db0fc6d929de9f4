"""A command that fails as it is told to, for the tests of error handling."""

from __future__ import annotations

import click
from botocore.exceptions import ClientError, EndpointConnectionError

from shared.errors import BadInput, NotProvisioned, RunFailed

ERRORS: dict[str, Exception] = {
    "input": BadInput(["run.yaml:3: one", "run.yaml:9: two"]),
    "cloud": NotProvisioned("queue groundtune-scorer does not exist; run `groundtune provision` first"),
    "run": RunFailed("too many documents failed"),
    "group": ExceptionGroup("tasks", [BadInput("inside")]),
    "unreachable": EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
    "queue": ClientError({"Error": {"Code": "AWS.SimpleQueueService.NonExistentQueue", "Message": ""}}, "SendMessage"),
    "bug": ZeroDivisionError("a bug"),
}


@click.command()
@click.argument("how")
def command(how: str) -> None:
    raise ERRORS[how]
