"""Who takes part: how each is started, what it needs, and how many messages it gets."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.runtime.cloud import ROOT

SCRIPTS = Path(__file__).parent / "contestants"
BARE = "bare aiobotocore"
"""The contender that all others are compared with."""


@dataclass(frozen=True)
class Contender:
    """``start`` follows the interpreter; ``packages`` are the pinned ones that it cannot do without.

    ``messages`` of the empty-handler run: enough for its CPU time to be far above the kernel's tick of 10 ms.
    """

    name: str
    script: str
    start: tuple[str, ...]
    messages: int
    packages: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    idles: bool = True

    @property
    def label(self) -> str:
        """For names of queues and buckets."""
        return "bench-" + "".join(c if c.isalnum() else "-" for c in self.name.lower())

    @property
    def ours(self) -> bool:
        return self.script == "ours.py"

    @property
    def queues(self) -> tuple[str, str]:
        """The queue that it consumes, and the next."""
        if self.ours:
            return f"{self.label}-doc-ingest", f"{self.label}-dataset-builder"
        return self.label, f"{self.label}-next"

    def command(self, peers: Path, *arguments: str) -> list[str]:
        """``arguments`` start its ``send``; without them it runs."""
        interpreter = sys.executable if self.ours else str(peers)
        return [interpreter, *((str(SCRIPTS / self.script), *arguments) if arguments else self.start)]

    def variables(self) -> dict[str, str]:
        path = f"{SCRIPTS}:{ROOT}" if self.ours else str(SCRIPTS)
        queue, onward = self.queues
        names = {"BENCH_QUEUE": queue, "BENCH_NEXT": onward, "GROUNDTUNE_NAME": self.label}
        return {**names, "PYTHONPATH": path, "GROUNDTUNE_LOG_LEVEL": "warning", **self.environ}


def _ours(name: str, store: str, messages: int, *, idles: bool = True) -> Contender:
    start = (str(SCRIPTS / "ours.py"), "run")
    return Contender(f"groundtune, {name}", "ours.py", start, messages, environ={"BENCH_STORE": store}, idles=idles)


def _loop(name: str, script: str, package: str, messages: int) -> Contender:
    return Contender(name, script, (str(SCRIPTS / script), "run"), messages, (package,))


CONTENDERS = (
    _loop(BARE, "bare_aiobotocore.py", "aiobotocore", 6000),
    _loop("boto3 loop", "boto3_loop.py", "boto3", 4000),
    _ours("no records", "none", 2000, idles=False),
    _ours("records in memory", "memory", 2000, idles=False),
    _ours("records in DynamoDB", "dynamodb", 1000),
    Contender(
        "taskiq + taskiq-aio-sqs", "taskiq_app.py",
        ("-m", "taskiq", "worker", "taskiq_app:broker", "--workers", "1", "--max-async-tasks", "10",
         "--log-level", "WARNING"), 1000, ("taskiq", "taskiq-aio-sqs"),
    ),
    Contender(
        "dramatiq + dramatiq_sqs", "dramatiq_app.py",
        ("-m", "dramatiq", "dramatiq_app", "--processes", "1", "--threads", "10"), 1000, ("dramatiq", "dramatiq_sqs"),
    ),
    Contender(
        "celery + kombu[sqs]", "celery_app.py",
        ("-m", "celery", "-A", "celery_app", "worker", "--pool", "threads", "-c", "10", "--loglevel", "WARNING"),
        500, ("celery", "kombu"),
    ),
)  # fmt: skip
