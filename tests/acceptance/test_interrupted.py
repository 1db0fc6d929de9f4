"""A run that is stopped in its midst, however: it says so, leaves no process, and the same command goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.acceptance.experiments import read_report
from tests.acceptance.terminal import Terminal

pytestmark = [pytest.mark.cloud, pytest.mark.slow]


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with Terminal(tmp_path_factory.mktemp("interrupted")) as terminal:
        terminal.call("init", "experiment")
        yield terminal


@pytest.fixture
def run(terminal: Terminal) -> subprocess.Popen[str]:
    """A run that has just been submitted to its own cloud and fleet."""
    process = terminal.start("run", "experiment/run.yaml", "--out", "out")
    assert process.stderr
    assert any("ground-truth pairs" in line for line in process.stderr)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_stops_its_cloud_and_workers(
    number: signal.Signals, terminal: Terminal, run: subprocess.Popen[str]
) -> None:
    run.send_signal(number)
    assert "interrupted; what is done is kept" in terminal.finish(run, code=1).said
    terminal.assert_nothing_runs()


def test_workers_and_cloud_do_not_outlive_a_killed_run(terminal: Terminal, run: subprocess.Popen[str]) -> None:
    assert len(terminal.processes()) >= 8
    run.kill()
    terminal.finish(run, code=-signal.SIGKILL)
    terminal.assert_nothing_runs()


def test_a_run_whose_cloud_dies_says_so_and_ends(terminal: Terminal, run: subprocess.Popen[str]) -> None:
    [cloud] = [pid for pid, line in terminal.processes().items() if "-m localcloud --" in line]
    os.kill(cloud, signal.SIGKILL)
    said = terminal.finish(run, code=2).said
    assert re.search(r"nothing answers at http://127\.0\.0\.1:\d+", said)
    terminal.assert_nothing_runs()


def test_the_same_command_completes_after_all_that(terminal: Terminal) -> None:
    terminal.call("run", "experiment/run.yaml", "--out", "out")
    assert read_report(terminal.folder / "out")["status"] == "completed"
