from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import supervisor
from cli.supervisor import Supervisor
from shared.errors import CloudError

PATIENCE_S = 20
DRAINS = "import signal, sys; print('up', flush=True); signal.sigwait({signal.SIGTERM}); print('drained', flush=True)"
BLOCKED = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM});"
STUBBORN = BLOCKED + "import time; print('up', flush=True); time.sleep(600)"


def running(program: str) -> Callable[..., list[str]]:
    """Stands in for the command of a worker."""
    return lambda *arguments: [sys.executable, "-c", program, *arguments]


@pytest.fixture(autouse=True)
def _quick_restarts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE_S", 0.01)
    monkeypatch.setattr(supervisor, "SPARE_S", 0.5)


async def until(true: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_S * 50):
        if true():
            return
        await asyncio.sleep(0.02)
    pytest.fail("what the test waits for does not happen")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_a_killed_worker_is_started_again_and_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    fleet = Supervisor({"scorer": 1}, os.environ, logs=tmp_path, say=said.append, command=running(BLOCKED + DRAINS))
    async with fleet:
        first = fleet.pids["scorer-1"]
        os.kill(first, signal.SIGKILL)
        await until(lambda: fleet.pids.get("scorer-1", first) != first)
    assert said == ["worker scorer-1 died (signal 9); it starts again in 0.01 s"]


async def test_stopping_lets_every_process_finish_and_leaves_none(tmp_path: Path) -> None:
    fleet = Supervisor(
        {"scorer": 2, "inference": 1, "doc-ingest": 0}, os.environ, logs=tmp_path, command=running(BLOCKED + DRAINS)
    )
    async with fleet:
        pids = fleet.pids
        assert sorted(pids) == ["inference-1", "scorer-1", "scorer-2"]
        await until(lambda: all((tmp_path / f"{name}.log").read_text() for name in pids))
    assert fleet.pids == {}
    assert not any(alive(pid) for pid in pids.values())
    assert [(tmp_path / f"{name}.log").read_text() for name in sorted(pids)] == ["up\ndrained\n"] * 3


async def test_a_process_that_does_not_stop_within_the_grace_is_killed(tmp_path: Path) -> None:
    fleet = Supervisor({"scorer": 1}, os.environ, logs=tmp_path, grace_s=0, command=running(STUBBORN))
    async with fleet:
        pid = fleet.pids["scorer-1"]
        await until(lambda: (tmp_path / "scorer-1.log").read_text() == "up\n")
    assert not alive(pid)


@pytest.mark.parametrize(("code", "starts"), [(2, supervisor.REFUSALS), (1, supervisor.DEATHS)])
async def test_a_worker_that_never_comes_up_ends_the_wait_and_names_its_log(
    tmp_path: Path, code: int, starts: int
) -> None:
    program = f"import sys; print('no', flush=True); sys.exit({code})"
    fleet = Supervisor({"scorer": 1}, os.environ, logs=tmp_path, say=lambda line: None, command=running(program))
    async with fleet:
        with pytest.raises(CloudError, match=rf"scorer does not stay up \(exit code {code}\).*scorer-1\.log"):
            await asyncio.wait_for(fleet.wait(), PATIENCE_S)
    assert (tmp_path / "scorer-1.log").read_text() == "no\n" * starts


async def test_giving_up_the_wait_stops_no_worker(tmp_path: Path) -> None:
    async with Supervisor({"scorer": 1}, os.environ, logs=tmp_path, command=running(BLOCKED + DRAINS)) as fleet:
        await until(lambda: bool((tmp_path / "scorer-1.log").read_text()))
        waiting = asyncio.ensure_future(fleet.wait())
        await asyncio.sleep(0)
        waiting.cancel()
        assert list(fleet.pids) == ["scorer-1"]
    assert (tmp_path / "scorer-1.log").read_text() == "up\ndrained\n"


async def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def half(*arguments: str) -> list[str]:
        return running(STUBBORN)() if "scorer" in arguments else [str(tmp_path / "no-such-program")]

    fleet = Supervisor({"scorer": 1, "inference": 1}, os.environ, logs=tmp_path, command=half)
    with pytest.raises(FileNotFoundError):
        await fleet.start()
    await fleet.stop()
    assert fleet.pids == {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the parent-death signal is Linux's")
def test_workers_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    child = "from cli.child import end_with_parent; end_with_parent(); import time; time.sleep(600)"
    parent = f"""
import asyncio, os, sys
from pathlib import Path
from cli.supervisor import Supervisor
async def main():
    command = lambda *a: [sys.executable, "-c", {child!r}]
    async with Supervisor({{"scorer": 1}}, os.environ, logs=Path({str(tmp_path)!r}), command=command) as fleet:
        print(fleet.pids["scorer-1"], flush=True)
        await fleet.wait()
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    asyncio.run(until(lambda: not alive(pid)))
