"""A cloud as an operator runs it: `groundtune local up`, with what it prints exported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from tests.acceptance.terminal import Terminal


@dataclass(frozen=True)
class OperatedCloud:
    """``terminal``'s environment names the cloud, so that every command called there talks to it."""

    terminal: Terminal
    environ: dict[str, str]
    stack: ExitStack

    @property
    def endpoint(self) -> str:
        return self.environ["AWS_ENDPOINT_URL"]

    def client(self, service: str) -> Any:
        """A boto3 client, closed with the cloud."""
        made: Any = boto3.client(
            service, endpoint_url=self.endpoint, region_name=self.environ["AWS_REGION"],
            aws_access_key_id=self.environ["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environ["AWS_SECRET_ACCESS_KEY"],
        )  # fmt: skip
        self.stack.callback(made.close)
        return made


@contextmanager
def local_cloud(terminal: Terminal, *options: str) -> Iterator[OperatedCloud]:
    """`groundtune local up` on a free port until the context ends; then it must end cleanly."""
    process = terminal.start("local", "up", "--port", "0", *options)
    assert process.stdout and process.stderr
    lines = [process.stdout.readline() for _ in range(4)]
    exported = {match[1]: match[2] for line in lines if (match := re.fullmatch(r"export (\w+)=(\S+)\n", line))}
    assert len(exported) == 4, "".join(lines)
    before = dict(terminal.environ)
    terminal.environ |= exported
    try:
        with ExitStack() as stack:
            yield OperatedCloud(terminal, exported, stack)
    finally:
        terminal.environ = before
        terminal.stop(process)
