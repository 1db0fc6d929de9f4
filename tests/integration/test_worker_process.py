"""One process with two workers, looked at from outside: its endpoint, its log, its signals."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from schemas.events import ModelReady
from shared.runtime.connection import Connection
from shared.runtime.publish import publish
from shared.runtime.queue import Backlog
from shared.settings import Settings
from shared.topology import Topology
from tests.integration.worker_pair import FOLDER, GATE, noted

pytestmark = pytest.mark.cloud

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
BLOCKED_S = 1.5
"""What the loop is blocked for: several times what is called blocked."""
GATED = "groundtune.model.ready.v1"


class Pair:
    """A running process. ``folder`` is where its handlers note what they do."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
        self.process = process
        self.folder = folder
        self._log = log

    def records(self, action: str) -> list[dict[str, Any]]:
        lines = [line for line in self._log.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
        return [record for line in lines if (record := json.loads(line))["action"] == action]

    def noted(self, what: str) -> Counter[str]:
        return Counter(noted(self.folder, what))

    def open_gate(self) -> None:
        (self.folder / GATE).touch()

    async def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page of its endpoint."""
        (listening,) = self.records("endpoint.listening")
        return await asyncio.to_thread(_got, f"http://{listening['host']}:{listening['port']}{path}")

    async def sample(self, name: str, **labels: str) -> float:
        """The sum of all samples of a metric that have these labels."""
        _, text = await self.get("/metrics")
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())

    async def until(self, condition: Callable[[], object]) -> None:
        """Returns once the condition holds; what it looks at is another process's doing."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                assert self.process.poll() is None, self._log.read_text()
                await asyncio.sleep(0.05)

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            while self.process.poll() is None:
                await asyncio.sleep(0.05)
        return self.process.returncode


def _got(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class Pairs:
    """Starts such processes, all with the same folder."""

    def __init__(self, settings: Settings, folder: Path, stack: ExitStack) -> None:
        self._settings = settings
        self._folder = folder
        self._stack = stack
        self._started = 0

    async def start(self, **environ: str) -> Pair:
        """A process that polls both queues."""
        self._started += 1
        log = self._folder / f"log-{self._started}"
        own = {
            "AWS_ENDPOINT_URL": self._settings.endpoint or "", "GROUNDTUNE_NAME": self._settings.name,
            "GROUNDTUNE_WAIT_S": "1", "GROUNDTUNE_METRICS_PORT": "0", FOLDER: str(self._folder),
        }  # fmt: skip
        process = self._stack.enter_context(_running({**os.environ, **own, **environ}, log))
        pair = Pair(process, self._folder, log)
        await pair.until(lambda: pair.records("worker.started"))
        return pair


@contextmanager
def _running(environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.integration.worker_pair"]
    with log.open("wb") as file, subprocess.Popen(command, cwd=ROOT, env=environ, stderr=file) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def pairs(settings: Settings, tmp_path: Path) -> Iterator[Pairs]:
    with ExitStack() as stack:
        yield Pairs(settings, tmp_path, stack)


async def send(connection: Connection, topology: Topology, model: str, arms: range) -> None:
    """Events for the gated worker, one for each arm."""
    events = [ModelReady(run="r", arm=f"a{number}", model=model) for number in arms]
    await publish(connection, topology, events, source="test")


async def left(connection: Connection, worker: str) -> Backlog:
    return await (await connection.queue(connection.settings.queue(worker))).backlog()


async def test_the_endpoint_shows_both_queues_what_was_handled_and_what_it_costs(
    connection: Connection, topology: Topology, pairs: Pairs
) -> None:
    await send(connection, topology, "quick", range(12))
    pair = await pairs.start()
    await pair.until(lambda: pair.noted("scored").total() == 12)
    for worker in ("inference", "scorer"):
        queue = connection.settings.queue(worker)
        async with asyncio.timeout(PATIENCE_S):
            while await pair.sample("groundtune_messages_settled_total", queue=queue, way="deleted") < 12:
                await asyncio.sleep(0.05)
        assert await pair.sample("groundtune_events_total", queue=queue, outcome="completed") == 12
        assert await pair.sample("groundtune_messages_received_total", queue=queue) == 12
        assert await pair.sample("groundtune_billed_requests_total", queue=queue, operation="receive") >= 2
        assert await pair.sample("groundtune_billed_requests_total", queue=queue, operation="delete") >= 2
    for page in ("/livez", "/readyz"):
        status, text = await pair.get(page)
        assert status == 200 and json.loads(text)["ok"] is True


async def test_a_busy_queue_does_not_starve_the_other(connection: Connection, topology: Topology, pairs: Pairs) -> None:
    places = topology.queue("inference").concurrency_max
    await send(connection, topology, "quick", range(20))
    pair = await pairs.start()
    await pair.until(lambda: pair.noted("started").total() == 20)
    await send(connection, topology, "wait", range(20, 20 + 2 * places))
    await pair.until(lambda: pair.noted("started").total() == 20 + places)
    # every place of the one queue is taken, more waits there, and the gate is shut
    await pair.until(lambda: pair.noted("scored").total() == 20)
    assert pair.noted("finished").total() == 20
    pair.open_gate()
    await pair.until(lambda: pair.noted("scored").total() == 20 + 2 * places)
    assert set(pair.noted("finished").values()) == {1}


async def test_the_endpoint_answers_while_a_handler_blocks_the_loop_and_the_handler_is_named(
    connection: Connection, topology: Topology, pairs: Pairs
) -> None:
    pair = await pairs.start()
    await send(connection, topology, "block", range(1))
    await pair.until(lambda: pair.noted("started"))
    await asyncio.sleep(BLOCKED_S)
    for page in ("/livez", "/readyz", "/metrics"):
        assert (await pair.get(page))[0] == 200
    assert not pair.noted("finished")
    pair.open_gate()
    # a busy machine may hold the loop up as well, which is told apart by its handler
    await pair.until(lambda: any(record["handler"] == GATED for record in pair.records("loop.blocked")))
    blocked = next(record for record in pair.records("loop.blocked") if record["handler"] == GATED)
    assert blocked["seconds"] > BLOCKED_S / 2 and re.search(r"worker_pair\.py:\d+ _block\b", blocked["where"])
    queue = connection.settings.queue("inference")
    assert await pair.sample("groundtune_loop_blocked_total", queue=queue, handler=GATED) >= 1


async def test_while_it_drains_it_is_not_ready_and_it_leaves_nothing_in_flight(
    connection: Connection, topology: Topology, pairs: Pairs
) -> None:
    await send(connection, topology, "wait", range(10))
    pair = await pairs.start(GROUNDTUNE_GRACE_S="600")
    await pair.until(lambda: pair.noted("started").total() == topology.queue("inference").concurrency_max)
    assert (await pair.get("/readyz"))[0] == 200
    pair.process.send_signal(signal.SIGTERM)
    await pair.until(lambda: pair.records("worker.draining"))
    status, text = await pair.get("/readyz")
    assert status == 503 and json.loads(text)["checks"]["draining"]["ok"] is False
    assert (await pair.get("/livez"))[0] == 200 and not pair.noted("finished")
    pair.open_gate()
    assert await pair.ended() == 0
    finished = pair.noted("finished").total()
    assert finished == pair.noted("started").total()
    assert await left(connection, "inference") == Backlog(10 - finished, 0, 0)
    assert (await left(connection, "scorer")).in_flight == 0


async def test_a_second_signal_gives_everything_back_at_once(
    connection: Connection, topology: Topology, pairs: Pairs
) -> None:
    await send(connection, topology, "wait", range(10))
    pair = await pairs.start(GROUNDTUNE_GRACE_S="600")
    await pair.until(lambda: pair.noted("started"))
    pair.process.send_signal(signal.SIGTERM)
    await pair.until(lambda: pair.records("worker.draining"))
    pair.process.send_signal(signal.SIGTERM)
    assert await pair.ended() == 0
    assert not pair.noted("finished")
    assert await left(connection, "inference") == Backlog(10, 0, 0)


async def test_what_a_killed_process_held_is_finished_once_by_another(
    connection: Connection, topology: Topology, pairs: Pairs, tmp_path: Path
) -> None:
    short = tmp_path / "queues.yaml"
    text = (ROOT / "queues.yaml").read_text()
    short.write_text(text.replace("visibility_timeout_s: 30", "visibility_timeout_s: 3"))
    await send(connection, topology, "quick", range(6))
    killed = await pairs.start(GROUNDTUNE_TOPOLOGY=str(short))
    await killed.until(lambda: killed.noted("scored").total() == 6)
    places = topology.queue("inference").concurrency_max
    await send(connection, topology, "wait", range(6, 6 + places))
    await killed.until(lambda: killed.noted("started").total() == 6 + places)
    killed.process.kill()
    assert await killed.ended() == -signal.SIGKILL
    killed.open_gate()
    other = await pairs.start(GROUNDTUNE_TOPOLOGY=str(short))
    # what was handled and not yet deleted comes again, too, and is deleted without being handled
    for worker in ("inference", "scorer"):
        async with asyncio.timeout(PATIENCE_S):
            while await left(connection, worker) != Backlog(0, 0, 0):
                await asyncio.sleep(0.1)
    other.process.send_signal(signal.SIGTERM)
    assert await other.ended() == 0
    every = {f"a{number}": 1 for number in range(6 + places)}
    assert other.noted("finished") == other.noted("scored") == every
    assert other.noted("started") == {arm: 1 if int(arm[1:]) < 6 else 2 for arm in every}
