"""The counting cloud from the benchmark's side: a child process and what it can be asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.runtime.counting import Counts

ROOT = Path(__file__).parents[2]


class Cloud:
    """``endpoint`` is where it answers."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def environ(self) -> dict[str, str]:
        """The environment of a process that shall talk to it, and to nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "GROUNDTUNE_"))}
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}
        regions = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1")
        return {**kept, **keys, **regions, "AWS_ENDPOINT_URL": self.endpoint}

    def counts(self) -> tuple[Counts, float]:
        """All counts so far, and the CPU seconds that the server has used."""
        answer = self._ask("counts")
        return Counts.from_json(answer["counts"]), answer["cpu_s"]

    def arrivals(self, queue: str) -> list[float]:
        return list(self._ask("arrivals", queue=queue))

    def create(self, queue: str) -> str:
        """The URL of the queue, made when it is missing."""
        return str(self._ask("create", queue=queue)["QueueUrl"])

    def take(self, url: str) -> dict[str, Any]:
        return dict(self._ask("take", url=url))

    def fill(self, url: str, entry: Mapping[str, Any], count: int) -> None:
        self._ask("fill", url=url, entry=entry, count=count)

    def purge(self, url: str) -> None:
        """Empties the queue; what is in flight goes, too."""
        self._ask("purge", url=url)

    def left(self, url: str) -> dict[str, int]:
        return dict(self._ask("left", url=url))

    def _ask(self, path: str, **content: Any) -> Any:
        request = urllib.request.Request(f"{self.endpoint}/bench/{path}", data=json.dumps(content).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def counting_cloud() -> Iterator[Cloud]:
    """Runs the server in a process of its own; it ends with the block, which SIGTERM ends in order, too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    command = [sys.executable, "-m", "benchmarks.runtime.server"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT)
    try:
        assert server.stdout is not None
        endpoint = server.stdout.readline().removeprefix("ready ").strip()
        cloud = Cloud(endpoint)
        _until_it_answers(cloud)
        yield cloud
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _until_it_answers(cloud: Cloud) -> None:
    for _ in range(200):
        try:
            cloud.counts()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the counting cloud did not start within ten seconds")
