"""One contender measured: an empty handler, one of 100 ms, one that sends, an end under load, and idleness."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.runtime.cloud import Cloud
from benchmarks.runtime.contenders import Contender
from benchmarks.runtime.counting import Counts
from benchmarks.runtime.prices import dollars
from benchmarks.runtime.process import Process

KINDS = ("empty", "sleep", "forward", "both")
READY_S = 30.0
SETTLE_S = 0.7
PHASE_S = 120.0
PATIENCE_S = 30.0
LOOK_S = 0.03
BURST_S = 1.0
"""Polls that run side by side come together: counted from burst to burst, else the last one counts too much."""


class Stuck(Exception):
    """Raised when a contender does not do what the benchmark waits for; says what."""


@dataclass(frozen=True)
class Scale:
    """How much is measured. ``share`` scales the messages of the empty handler; ``idle_s`` of looking at idleness."""

    rounds: int
    share: float
    slow: int
    forwarded: int
    idle_s: float


FULL = Scale(rounds=3, share=1.0, slow=100, forwarded=300, idle_s=45)
QUICK = Scale(rounds=1, share=0.2, slow=50, forwarded=50, idle_s=0)


@dataclass
class Sample:
    """What one round found. Requests are billed ones per message; None: not measured, or it did not get there."""

    per_cpu_s: float | None = None
    server_share: float | None = None
    empty: float | None = None
    slow: float | None = None
    hop: float | None = None
    slow_hop: float | None = None
    dollars: Mapping[str, float] = field(default_factory=dict)
    invisible: int | None = None
    exit_s: float | None = None
    problem: str = ""


class Bench:
    """The benchmark over one cloud. ``folder`` takes the contestants' logs."""

    def __init__(self, cloud: Cloud, peers: Path, folder: Path, scale: Scale) -> None:
        self._cloud = cloud
        self._peers = peers
        self._folder = folder
        self._scale = scale
        self._entries: dict[str, dict[str, dict[str, Any]]] = {}

    def sample(self, contender: Contender, *, whole: bool) -> Sample:
        """One round of one contender; unless ``whole``, its CPU time only, which is what varies."""
        found = Sample()
        try:
            self.prepare(contender)
            with self.start(contender) as process:
                self.ready(contender, process)
                self._empty(contender, process, found)
                if whole:
                    self._slow_and_hop(contender, process, found)
                    self._end(contender, process, found)
        except Stuck as error:
            found.problem = str(error)
        return found

    def idle(self, contenders: list[Contender]) -> dict[str, float]:
        """Requests an hour to an empty queue, of all contenders at the same time; absent where none was seen."""
        with ExitStack() as stack:
            for contender in contenders:
                stack.enter_context(self.start(contender))
            time.sleep(5)
            begun = time.monotonic()
            time.sleep(self._scale.idle_s)
            seen = {c.name: [at for at in self._cloud.arrivals(c.queues[0]) if at >= begun] for c in contenders}
        return {name: rate for name, at in seen.items() if (rate := hourly(at)) is not None}

    def start(self, contender: Contender) -> Process:
        log = self._folder / f"{contender.label}.log"
        return Process(contender.command(self._peers), self._environ(contender), log)

    def fill(self, contender: Contender, kind: str, count: int) -> None:
        """Puts messages into its queue, as it sends them itself."""
        self.prepare(contender)
        url = self._cloud.create(contender.queues[0])
        self._cloud.fill(url, self._entries[contender.name][kind], count)

    def prepare(self, contender: Contender) -> None:
        """Queues, and a message of each kind as the contender itself sends it."""
        if contender.name in self._entries:
            return
        url, _ = (self._cloud.create(queue) for queue in contender.queues)
        kinds = (*KINDS, "long") if contender.ours else KINDS
        done = subprocess.run(
            contender.command(self._peers, "send", *kinds), env=self._environ(contender), capture_output=True,
            text=True, check=False, timeout=READY_S, cwd=self._folder,
        )  # fmt: skip
        if done.returncode != 0:
            raise Stuck(f"cannot send: {' '.join(done.stderr.split())[-300:]}")
        entries = [self._cloud.take(url) for _ in range(self._cloud.left(url)["visible"])]
        # provisioning lets S3 send a test event first
        self._entries[contender.name] = dict(zip(kinds, entries[-len(kinds) :], strict=True))

    def _environ(self, contender: Contender) -> dict[str, str]:
        return {**self._cloud.environ(), **contender.variables()}

    def ready(self, contender: Contender, process: Process) -> None:
        queue, begun = contender.queues[0], time.monotonic()
        self._until(lambda: any(at > begun for at in self._cloud.arrivals(queue)), READY_S, process, "it polls")
        time.sleep(SETTLE_S)

    def _empty(self, contender: Contender, process: Process, found: Sample) -> None:
        count = int(contender.messages * self._scale.share)
        begun, cpu, (_, server) = time.monotonic(), process.cpu_s(), self._cloud.counts()
        counts = self.phase(contender, process, "empty", count)
        spent = process.cpu_s() - cpu
        found.per_cpu_s = count / max(spent, 0.01)
        found.server_share = (self._cloud.counts()[1] - server) / (time.monotonic() - begun)
        found.empty = counts.units("sqs", queue=contender.queues[0]) / count

    def _slow_and_hop(self, contender: Contender, process: Process, found: Sample) -> None:
        slow = self.phase(contender, process, "sleep", self._scale.slow)
        found.slow = slow.units("sqs", queue=contender.queues[0]) / self._scale.slow
        hop, found.hop = self._hop(contender, process, "forward")
        found.dollars = dollars(hop, self._scale.forwarded)
        _, found.slow_hop = self._hop(contender, process, "both")

    def _hop(self, contender: Contender, process: Process, kind: str) -> tuple[Counts, float]:
        """What was counted while handlers sent one message each, and the requests a message."""
        hop = self.phase(contender, process, kind, self._scale.forwarded)
        if (sent := hop.sent(contender.queues[1])) < self._scale.forwarded:
            raise Stuck(f"only {sent} of {self._scale.forwarded} handled messages were sent on")
        return hop, hop.units("sqs") / self._scale.forwarded

    def phase(self, contender: Contender, process: Process, kind: str, count: int) -> Counts:
        """What the cloud counted from the filling of the queue until the last message was deleted."""
        before = self._cloud.counts()[0]
        self.fill(contender, kind, count)
        return self.done(contender, process, before, count)

    def done(self, contender: Contender, process: Process, before: Counts, count: int) -> Counts:
        """What the cloud has counted since ``before`` once so many messages are deleted."""
        queue = contender.queues[0]
        self._until(
            lambda: self._cloud.counts()[0].since(before).deleted(queue) >= count, PHASE_S, process,
            f"{count} messages are done",
        )  # fmt: skip
        return self._cloud.counts()[0].since(before)

    def _end(self, contender: Contender, process: Process, found: Sample) -> None:
        """SIGTERM while the queue is full and the handlers are busy."""
        queue = contender.queues[0]
        before = self._cloud.counts()[0]
        self.fill(contender, "sleep", 1000)
        self._until(lambda: self._cloud.counts()[0].since(before).deleted(queue) >= 20, PHASE_S, process, "load is on")
        found.exit_s = process.terminate(PATIENCE_S)
        url = self._cloud.create(queue)
        found.invisible = self._cloud.left(url)["in_flight"]
        self._cloud.purge(url)

    def _until(self, done: Callable[[], bool], patience_s: float, process: Process, what: str) -> None:
        deadline = time.monotonic() + patience_s
        while not done():
            if process.ended:
                raise Stuck(f"ended before {what}: {process.last_words()}")
            if time.monotonic() > deadline:
                raise Stuck(f"{patience_s:.0f} s passed before {what}: {process.last_words()}")
            time.sleep(LOOK_S)


def hourly(arrivals: list[float]) -> float | None:
    """Requests an hour from the moments, in order, of all since the first and before the last burst (one second)."""
    last = next((at for at in arrivals if at > arrivals[-1] - BURST_S), None)
    if last is None or last == arrivals[0]:
        return None
    return sum(at < last for at in arrivals) / (last - arrivals[0]) * 3600
