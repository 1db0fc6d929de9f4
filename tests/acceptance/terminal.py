"""A person at a terminal: the ``groundtune`` command in a folder of their own, and every process that came of it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import pytest

T = TypeVar("T")

MARK = "GROUNDTUNE_ACCEPTANCE"
"""Every descendant inherits it, whatever session or parent it has: what it marks was started by the test."""
OURS = ("AWS_", "GROUNDTUNE_", "PYTEST_")
"""Variables that no command under test shall inherit from whoever runs the tests."""
QUICK = {"GROUNDTUNE_WARM_UP": "off", "GROUNDTUNE_WAIT_S": "1"}
GONE_S = 10.0


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it wrote."""

    code: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """All of it as one line: terminals break lines anywhere."""
        return re.sub(r"\s+", " ", f"{self.stdout} {self.stderr}")


class Terminal:
    """``call`` runs a command to its end, ``start`` lets it run on. A context manager: at its end nothing runs on.

    ``environ`` are variables that the person has exported. Models are loaded when they are needed, as most of what is
    tried needs none, and idle workers end within a second.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._mark = uuid.uuid4().hex
        clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environ = {**clean, MARK: self._mark, **QUICK, **(environ or {})}

    def call(self, *arguments: str | Path, code: int = 0, timeout_s: float = 150) -> Outcome:
        """Runs a command that shall end with ``code``, without a traceback."""
        return self.finish(self.start(*arguments), code=code, timeout_s=timeout_s)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "cli", *map(str, arguments)]
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def finish(self, process: subprocess.Popen[str], *, code: int = 0, timeout_s: float = 150) -> Outcome:
        """Waits for a started command's end."""
        try:
            stdout, stderr = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self.kill_all()
            stdout, stderr = process.communicate()
            pytest.fail(f"{process.args!r} did not end within {timeout_s} s:\n{stdout}\n{stderr}")
        outcome = Outcome(process.returncode, stdout, stderr)
        assert outcome.code == code, f"exit {outcome.code}, not {code}:\n{stdout}\n{stderr}"
        assert "Traceback" not in outcome.said, stderr
        return outcome

    def stop(self, process: subprocess.Popen[str]) -> Outcome:
        """Asks a running command to end, as Ctrl-C or a service manager does."""
        process.send_signal(signal.SIGTERM)
        return self.finish(process)

    def processes(self) -> dict[int, str]:
        """Command lines by process id, of everything that was started here and still runs."""
        found = {int(entry.name): entry for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
        lines = {pid: _command_line(entry, f"{MARK}={self._mark}") for pid, entry in found.items()}
        return {pid: line for pid, line in lines.items() if line is not None}

    def workers(self) -> dict[str, list[int]]:
        """Process ids of running workers, by the worker's name."""
        by_name: dict[str, list[int]] = {}
        for pid, line in self.processes().items():
            if (match := re.search(r" cli worker (\S+)", line)) is not None:
                by_name.setdefault(match[1], []).append(pid)
        return by_name

    def kill_all(self) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def assert_nothing_runs(self) -> None:
        """The kernel may take a moment to bury what was told to end."""
        with contextlib.suppress(TimeoutError):
            wait_for(lambda: not self.processes(), timeout_s=GONE_S)
        assert not self.processes()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill_all()


def wait_for(condition: Callable[[], T], *, timeout_s: float = 60, every_s: float = 0.2) -> T:
    """The condition's first true value. Raises TimeoutError when there is none in time."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{condition} did not come true within {timeout_s} s")
        time.sleep(every_s)
    return value


def _command_line(process: Path, mark: str) -> str | None:
    """The command line of a process of ours; None of any other, and of one that is gone or a zombie."""
    try:
        environ = (process / "environ").read_bytes()
        line = (process / "cmdline").read_bytes()
    except OSError:
        return None
    if mark.encode() not in environ.split(b"\0") or not line:
        return None
    return line.replace(b"\0", b" ").decode(errors="replace")
